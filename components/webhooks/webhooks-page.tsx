'use client'
import { Plus, Webhook } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useQueryState } from 'nuqs'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { ForActors } from '#components/layout/reader'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { SecretOnce } from '#components/settings/secret-once'
import { useChange } from '#components/tenant/use-change'
import { useMe, useReason } from '#components/tenant/use-tenant'
import { Button } from '#components/ui/button'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { CopyLine } from '#components/ui/copy-line'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import { ProblemNotice } from '#components/ui/problem-notice'
import { Section } from '#components/ui/section'
import { DeliveryDrawer } from '#components/webhooks/delivery-drawer'
import { WebhookTable } from '#components/webhooks/webhook-table'
import type { WebhookView, WebhookWithSecret } from '#lib/notifications/webhook'

// Its code comes when it is opened.
const WebhookDialog = dynamic(async () => (await import('#components/webhooks/webhook-dialog')).WebhookDialog, { ssr: false })

export interface WebhookList {
  items: WebhookView[]
  topics: { topic: string; says: string }[]
}

/** Where events go, how they fare, and what went there. */
export function WebhooksPage({ tenant }: { tenant: string }): ReactNode {
  const me = useMe()
  const reasonFor = useReason(tenant)
  const reason = reasonFor('webhook.manage')
  const closed = reasonFor('settings.read')
  const [act, setAct] = useQueryState('do')
  const [openId, setOpen] = useQueryState('webhook')
  const [removing, setRemoving] = useState<WebhookView>()
  const [editing, setEditing] = useState<WebhookView>()
  const key = tenantKey(tenant, 'settings', 'webhooks')
  const list = useApi<WebhookList>(key, tenantPath(tenant, 'webhooks'), { isEnabled: closed === undefined })
  const change = useChange(
    ({ hook, what }: { hook: WebhookView; what: 'tests' | 'resumptions' | 'rotations' | 'pauses' }) =>
      apiSend<Partial<WebhookWithSecret>>('POST', tenantPath(tenant, 'webhooks', hook.id, what), {}),
    [tenantKey(tenant, 'settings')],
  )
  const remove = useChange((id: string) => apiSend('DELETE', tenantPath(tenant, 'webhooks', id)), [tenantKey(tenant, 'settings')])
  const create = (
    <ForActors>
      <Button tone="primary" size="sm" icon={Plus} disabledReason={reason} onClick={() => void setAct('create')}>
        Add a webhook
      </Button>
    </ForActors>
  )
  const open = list.data?.items.find(({ id }) => id === openId)
  return (
    <>
      <Section
        title="Webhooks"
        // Where there is none yet, the way to the first stands in the middle.
        aside={list.data?.items.length !== 0 && create}
        description="Events leave with the change that they are about, signed, and are tried again until they are taken."
      >
        {me.data && closed !== undefined && (
          <EmptyState icon={Webhook} title="Webhooks are not shown to you">
            {closed}
          </EmptyState>
        )}
        {change.error && <ProblemNotice problem={change.error} title="That was not done" />}
        {change.data?.secret !== undefined && (
          <div className="mb-3">
            <SecretOnce title={`The new secret of ${change.data.name ?? ''}`} secret={change.data.secret} copyLabel="Copy the secret">
              It is not shown again. The one before signs too for a day.
            </SecretOnce>
          </div>
        )}
        {closed === undefined && (
          <Loaded query={list} label="Loading the webhooks" rows={3}>
            {({ items }) => (
              <WebhookTable
                webhooks={items}
                isBusy={change.isPending}
                reason={reason}
                onOpen={(hook) => void setOpen(hook.id)}
                onAct={(hook, what) => change.mutate({ hook, what })}
                onEdit={setEditing}
                onRemove={setRemoving}
                empty={
                  <EmptyState icon={Webhook} title="Nobody listens yet" action={create}>
                    A chat, a ticket system or a pipeline can hear what happens here.
                  </EmptyState>
                }
              />
            )}
          </Loaded>
        )}
      </Section>
      {list.data && (
        <details className="mt-6 rounded-3 border bg-surface">
          <summary className="px-4 py-2.5 font-[550] text-ink-2">What each topic tells of</summary>
          <dl className="grid gap-x-4 gap-y-1 px-4 pb-3.5 sm:grid-cols-[200px_1fr]">
            {list.data.topics.map(({ topic, says }) => (
              <div key={topic} className="contents">
                <dt className="font-mono text-sm">{topic}</dt>
                <dd className="text-ink-2 max-sm:mb-1.5">{says}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      <div className="mt-6">
        <CopyLine line={`caisson webhooks list --tenant ${tenant}`} />
      </div>
      {act === 'create' && reason === undefined && (
        <WebhookDialog tenant={tenant} topics={list.data?.topics ?? []} onClose={() => void setAct(null)} />
      )}
      {open && <DeliveryDrawer tenant={tenant} webhook={open} onClose={() => void setOpen(null)} />}
      {editing && <WebhookDialog tenant={tenant} webhook={editing} topics={list.data?.topics ?? []} onClose={() => setEditing(undefined)} />}
      {removing && (
        <ConfirmDialog
          change={remove}
          input={removing.id}
          onClose={() => setRemoving(undefined)}
          title={`Remove ${removing.name}`}
          act="Remove the webhook"
        >
          <p>Nothing is sent there any more, and what waits is dropped.</p>
        </ConfirmDialog>
      )}
    </>
  )
}
