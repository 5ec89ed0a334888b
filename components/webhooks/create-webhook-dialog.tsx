'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { SecretOnce } from '#components/settings/secret-once'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { Checkbox } from '#components/ui/checkbox'
import { Dialog } from '#components/ui/dialog'
import { ProblemNotice } from '#components/ui/problem-notice'
import { TextField } from '#components/ui/text-field'
import type { WebhookWithSecret } from '#lib/notifications/webhook'

interface CreateWebhookDialogProps {
  tenant: string
  topics: readonly { topic: string; says: string }[]
  onClose: () => void
}

/** An address and what it wants to hear; none chosen means everything. */
export function CreateWebhookDialog({ tenant, topics, onClose }: CreateWebhookDialogProps): ReactNode {
  const [name, setName] = useState('')
  const [url, setUrl] = useState('')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const create = useChange(
    (body: { name: string; url: string; topics: readonly string[] }) => apiSend<WebhookWithSecret>('POST', tenantPath(tenant, 'webhooks'), body),
    [tenantKey(tenant, 'settings')],
  )
  const missing = name.trim() === '' ? 'Give it a name first.' : url.trim() === '' ? 'Write the address first.' : undefined
  const made = create.data
  const foot = made ? (
    <Button tone="primary" onClick={onClose}>
      Done
    </Button>
  ) : (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button
        tone="primary"
        busy={create.isPending}
        disabledReason={missing}
        onClick={() => create.mutate({ name: name.trim(), url: url.trim(), topics: chosen })}
      >
        Add it
      </Button>
    </>
  )
  return (
    <Dialog isOpen onClose={onClose} title="Add a webhook" description="Events go there as signed POST requests." foot={foot}>
      {made ? (
        <SecretOnce title="The secret that signs its deliveries" secret={made.secret} copyLabel="Copy the secret">
          It is not shown again. Whoever listens verifies each delivery with it.
        </SecretOnce>
      ) : (
        <div className="grid gap-3">
          <TextField label="Name" maxLength={60} value={name} onChange={(event) => setName(event.target.value)} error={create.error?.field('name')} />
          <TextField
            label="Address"
            type="url"
            isMono
            placeholder="https://hooks.example.com/caisson"
            hint="https, reachable from the internet."
            value={url}
            onChange={(event) => setUrl(event.target.value)}
            error={create.error?.field('url')}
          />
          <fieldset className="grid gap-1.5">
            <legend className="mb-1 text-sm font-[550] text-ink-2">Topics (none chosen: all)</legend>
            <div className="grid max-h-56 gap-1.5 overflow-y-auto sm:grid-cols-2">
              {topics.map(({ topic, says }) => (
                <Checkbox
                  key={topic}
                  label={topic}
                  hint={says}
                  checked={chosen.includes(topic)}
                  onChange={(event) => setChosen(event.target.checked ? [...chosen, topic] : chosen.filter((one) => one !== topic))}
                />
              ))}
            </div>
          </fieldset>
          {create.error && <ProblemNotice problem={create.error} title="The webhook was not added" />}
        </div>
      )}
    </Dialog>
  )
}
