'use client'
import { RotateCcw } from 'lucide-react'
import type { ReactNode } from 'react'
import { apiSend } from '#components/api'
import { ForActors } from '#components/layout/reader'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { Drawer } from '#components/ui/drawer'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import { ProblemNotice } from '#components/ui/problem-notice'
import { RelativeTime } from '#components/ui/relative-time'
import { Status, type StatusTone } from '#components/ui/status'
import type { DeliveryView, WebhookView } from '#lib/notifications/webhook'

const tones: Record<DeliveryView['state'], StatusTone> = { pending: 'run', delivered: 'ok', dead: 'bad' }

/** What went to one address, newest first, with every attempt and its answer. */
export function DeliveryDrawer({ tenant, webhook, onClose }: { tenant: string; webhook: WebhookView; onClose: () => void }): ReactNode {
  const path = tenantPath(tenant, 'webhooks', webhook.id, 'deliveries')
  const list = useApi<{ items: DeliveryView[] }>(tenantKey(tenant, 'settings', 'deliveries', webhook.id), path)
  const replay = useChange((id: string) => apiSend('POST', `${path}/${encodeURIComponent(id)}/replays`, {}), [tenantKey(tenant, 'settings')])
  return (
    <Drawer isOpen onClose={onClose} title={`Deliveries of ${webhook.name}`} description={webhook.url}>
      {replay.error && <ProblemNotice problem={replay.error} title="It was not sent again" />}
      <Loaded query={list} label="Loading the deliveries" rows={5}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Nothing went there yet">Send a test to see how it is answered.</EmptyState>
          ) : (
            <ol className="grid gap-2">
              {items.map((delivery) => (
                <Delivery key={delivery.id} delivery={delivery} isBusy={replay.isPending} onReplay={() => replay.mutate(delivery.id)} />
              ))}
            </ol>
          )
        }
      </Loaded>
    </Drawer>
  )
}

function Delivery({ delivery, isBusy, onReplay }: { delivery: DeliveryView; isBusy: boolean; onReplay: () => void }): ReactNode {
  const { topic, state, createdAt, nextAt, replayOf, log, payload, mayReplay } = delivery
  return (
    <li className="grid gap-1 rounded-2 border px-3 py-2">
      <p className="flex flex-wrap items-center gap-2">
        <span className="font-mono text-sm">{topic}</span>
        <Status tone={tones[state]}>{state}</Status>
        <span className="ml-auto">
          <ForActors>
            <Button
              size="sm"
              icon={RotateCcw}
              busy={isBusy}
              disabledReason={mayReplay.allowed ? undefined : mayReplay.reason}
              onClick={onReplay}
              aria-label={`Send ${topic} again`}
            >
              Again
            </Button>
          </ForActors>
        </span>
      </p>
      <p className="text-sm text-ink-3">
        <RelativeTime at={createdAt} />
        {replayOf !== null && ', sent again by a person'}
        {nextAt !== null && (
          <>
            , next attempt <RelativeTime at={nextAt} />
          </>
        )}
      </p>
      {log.map(({ number, at, tookMs, status, body, error }) => (
        <details key={number} className="text-sm">
          <summary className="cursor-pointer">
            Attempt {number}: {status ?? 'no answer'} in {tookMs} ms, <RelativeTime at={at} />
          </summary>
          <pre className="mt-1 max-h-40 overflow-auto rounded-1 bg-sunken p-2 font-mono text-xs break-all whitespace-pre-wrap">
            {error || body || 'an empty body'}
          </pre>
        </details>
      ))}
      <details className="text-sm">
        <summary className="cursor-pointer text-ink-3">What is sent</summary>
        <pre className="mt-1 max-h-60 overflow-auto rounded-1 bg-sunken p-2 font-mono text-xs break-all whitespace-pre-wrap">{payload}</pre>
      </details>
    </li>
  )
}
