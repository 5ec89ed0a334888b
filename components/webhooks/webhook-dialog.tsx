'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { SecretOnce } from '#components/settings/secret-once'
import { useChange } from '#components/tenant/use-change'
import { ActDialog } from '#components/ui/act-dialog'
import { CheckboxGroup } from '#components/ui/checkbox-group'
import { fieldsOf } from '#components/ui/draft-field'
import { TextField } from '#components/ui/text-field'
import type { WebhookView, WebhookWithSecret } from '#lib/notifications/webhook'

interface WebhookDialogProps {
  tenant: string
  /** The one that is changed; a new one without it. */
  webhook?: WebhookView | undefined
  topics: readonly { topic: string; says: string }[]
  onClose: () => void
}

/** An address and what it wants to hear. The secret that signs is shown once, when it is made, and stays as it is after that. */
export function WebhookDialog({ tenant, webhook, topics, onClose }: WebhookDialogProps): ReactNode {
  const [draft, setDraft] = useState({ name: webhook?.name ?? '', url: webhook?.url ?? '', topics: [...(webhook?.topics ?? [])] as string[] })
  const change = useChange(
    (body: typeof draft) =>
      apiSend<WebhookView & Partial<WebhookWithSecret>>(
        webhook ? 'PATCH' : 'POST',
        webhook ? tenantPath(tenant, 'webhooks', webhook.id) : tenantPath(tenant, 'webhooks'),
        body,
      ),
    [tenantKey(tenant, 'settings')],
  )
  const field = fieldsOf(draft, setDraft, change.error)
  const words = webhook
    ? {
        title: `Change ${webhook.name}`,
        description: 'Its secret stays. What waits goes to the address that is here.',
        act: 'Save it',
        failed: 'The webhook was not changed',
        onDone: onClose,
      }
    : { title: 'Add a webhook', description: 'Events go there as signed POST requests.', act: 'Add it', failed: 'The webhook was not added' }
  return (
    <ActDialog
      {...words}
      change={change}
      input={{ ...draft, name: draft.name.trim(), url: draft.url.trim() }}
      onClose={onClose}
      size="lg"
      missing={[draft.name.trim() === '' && 'Give it a name first.', draft.url.trim() === '' && 'Write the address first.']}
      result={({ secret }) =>
        secret !== undefined && (
          <SecretOnce title="The secret that signs its deliveries" secret={secret} copyLabel="Copy the secret">
            It is not shown again. Whoever listens verifies each delivery with it.
          </SecretOnce>
        )
      }
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
