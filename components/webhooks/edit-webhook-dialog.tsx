'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { ActDialog } from '#components/ui/act-dialog'
import { CheckboxGroup } from '#components/ui/checkbox-group'
import { fieldsOf } from '#components/ui/draft-field'
import { TextField } from '#components/ui/text-field'
import type { WebhookView } from '#lib/notifications/webhook'

interface EditWebhookDialogProps {
  tenant: string
  webhook: WebhookView
  topics: readonly { topic: string; says: string }[]
  onClose: () => void
}

/** Another name, address or choice of topics. The secret that signs stays as it is. */
export function EditWebhookDialog({ tenant, webhook, topics, onClose }: EditWebhookDialogProps): ReactNode {
  const [draft, setDraft] = useState({ name: webhook.name, url: webhook.url, topics: [...webhook.topics] })
  const change = useChange(
    (body: typeof draft) => apiSend<WebhookView>('PATCH', tenantPath(tenant, 'webhooks', webhook.id), body),
    [tenantKey(tenant, 'settings')],
  )
  const field = fieldsOf(draft, setDraft, change.error)
  return (
    <ActDialog
      change={change}
      input={{ ...draft, name: draft.name.trim(), url: draft.url.trim() }}
      onClose={onClose}
      title={`Change ${webhook.name}`}
      description="Its secret stays. What waits goes to the address that is here."
      act="Save it"
      missing={[draft.name.trim() === '' && 'Give it a name first.', draft.url.trim() === '' && 'Write the address first.']}
      failed="The webhook was not changed"
    >
      <TextField label="Name" maxLength={60} {...field('name')} />
      <TextField label="Address" type="url" isMono hint="https, reachable from the internet." {...field('url')} />
      <CheckboxGroup
        legend="Topics (none chosen: all)"
        options={topics.map(({ topic, says }) => ({ value: topic, hint: says }))}
        value={draft.topics}
        onChange={(chosen) => setDraft({ ...draft, topics: chosen })}
      />
    </ActDialog>
  )
}
