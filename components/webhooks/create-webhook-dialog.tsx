'use client'
import { ActDialog } from '#components/ui/act-dialog'
import { fieldsOf } from '#components/ui/draft-field'
import { CheckboxGroup } from '#components/ui/checkbox-group'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { SecretOnce } from '#components/settings/secret-once'
import { useChange } from '#components/tenant/use-change'
import { TextField } from '#components/ui/text-field'
import type { WebhookWithSecret } from '#lib/notifications/webhook'

interface CreateWebhookDialogProps {
  tenant: string
  topics: readonly { topic: string; says: string }[]
  onClose: () => void
}

/** An address and what it wants to hear; none chosen means everything. */
export function CreateWebhookDialog({ tenant, topics, onClose }: CreateWebhookDialogProps): ReactNode {
  const [draft, setDraft] = useState({ name: '', url: '', topics: [] as string[] })
  const create = useChange(
    (body: typeof draft) => apiSend<WebhookWithSecret>('POST', tenantPath(tenant, 'webhooks'), body),
    [tenantKey(tenant, 'settings')],
  )
  const field = fieldsOf(draft, setDraft, create.error)
  return (
    <ActDialog
      change={create}
      input={{ ...draft, name: draft.name.trim(), url: draft.url.trim() }}
      onClose={onClose}
      title="Add a webhook"
      description="Events go there as signed POST requests."
      act="Add it"
      missing={[draft.name.trim() === '' && 'Give it a name first.', draft.url.trim() === '' && 'Write the address first.']}
      failed="The webhook was not added"
      result={({ secret }) => (
        <SecretOnce title="The secret that signs its deliveries" secret={secret} copyLabel="Copy the secret">
          It is not shown again. Whoever listens verifies each delivery with it.
        </SecretOnce>
      )}
    >
      <TextField label="Name" maxLength={60} {...field('name')} />
      <TextField
        label="Address"
        type="url"
        isMono
        placeholder="https://hooks.example.com/caisson"
        hint="https, reachable from the internet."
        {...field('url')}
      />
      <CheckboxGroup
        legend="Topics (none chosen: all)"
        options={topics.map(({ topic, says }) => ({ value: topic, hint: says }))}
        value={draft.topics}
        onChange={(chosen) => setDraft({ ...draft, topics: chosen })}
      />
    </ActDialog>
  )
}
