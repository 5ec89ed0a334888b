'use client'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { clockWords, PromotionStatus } from '#components/promotion/promotion-words'
import { DataTable, type Column } from '#components/ui/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { Status } from '#components/ui/status'
import type { RecoveryHistory as History, RecoveryView } from '#lib/promotions/recovery'
import { isWithinTarget } from '#lib/promotions/recovery-target'

/** Drawn when it comes into view of somebody with a browser; the table says the same to everybody. */
const RecoveryChart = dynamic(() => import('#components/rollback/recovery-chart').then((module) => module.RecoveryChart), {
  ssr: false,
  loading: () => <div aria-hidden className="h-52" />,
})

/** How long the recoveries of an application took, from stop to verified, against the target of their time. */
export function RecoveryHistory({ tenant, application }: { tenant: string; application: string }): ReactNode {
  const query = useApi<History>(tenantKey(tenant, 'board', 'recoveries', application), tenantPath(tenant, 'recoveries'), { query: { application } })
  return (
    <Section title="Recoveries" aside="from stop to verified">
      <Loaded query={query} label="Loading the recoveries">
        {(history) =>
          history.items.length === 0 ? (
            <EmptyState title={`${application} was never rolled back`}>How long each rollback took will stand here, against its target.</EmptyState>
          ) : (
            <div className="grid gap-4">
              <Summary history={history} />
              {history.verified > 0 && (
                <figure aria-hidden className="rounded-3 border bg-surface p-3">
                  <RecoveryChart items={history.items} />
                </figure>
              )}
              <DataTable
                caption={`Recoveries of ${application}`}
                columns={columnsOf(tenant)}
                rows={history.items}
                rowKey={({ promotionId }) => promotionId}
                empty={null}
              />
            </div>
          )
        }
      </Loaded>
    </Section>
  )
}

function Summary({ history: { p50Ms, p90Ms, verified, withinTarget } }: { history: History }): ReactNode {
  if (p50Ms === null || p90Ms === null) return <p className="text-ink-2">None of them was verified.</p>
  return (
    <p className="flex flex-wrap gap-x-5 gap-y-1 text-ink-2">
      <span>
        half took at most <strong className="font-mono font-[600] text-ink tabular-nums">{clockWords(p50Ms)}</strong>
      </span>
      <span>
        nine of ten at most <strong className="font-mono font-[600] text-ink tabular-nums">{clockWords(p90Ms)}</strong>
      </span>
      <Status tone={withinTarget === verified ? 'ok' : 'wait'}>
        {withinTarget} of {verified} within the target
      </Status>
    </p>
  )
}

function columnsOf(tenant: string): readonly Column<RecoveryView>[] {
  return [
    {
      key: 'when',
      head: 'Rollback',
      isName: true,
      cell: ({ promotionId, startedAt, from, release }) => (
        <Link href={`/t/${tenant}/promotions/${promotionId}`} className="hover:text-accent">
          <RelativeTime at={startedAt} />
          <span className="block font-mono text-sm text-ink-2">
            {from && `${from} → `}
            {release}
          </span>
        </Link>
      ),
    },
    { key: 'environment', head: 'Environment', cell: ({ environment }) => environment },
    { key: 'took', head: 'Took', align: 'end', cell: (recovery) => <Took recovery={recovery} /> },
    {
      key: 'target',
      head: 'Target',
      align: 'end',
      cell: ({ targetSeconds }) => <span className="font-mono tabular-nums">{clockWords(targetSeconds * 1000)}</span>,
    },
    {
      key: 'reason',
      head: 'Reason',
      cell: ({ reason, incident }) => (
        <span className="break-words">
          {reason}
          {incident && <span className="block text-sm text-ink-2">incident {incident}</span>}
        </span>
      ),
    },
    { key: 'by', head: 'Requested by', cell: ({ requestedBy }) => requestedBy.name },
  ]
}

function Took({ recovery: { recoveryMs, targetSeconds, state } }: { recovery: RecoveryView }): ReactNode {
  if (recoveryMs === null) return <PromotionStatus state={state} />
  const isWithin = isWithinTarget(recoveryMs, targetSeconds)
  return (
    <Status tone={isWithin ? 'ok' : 'bad'} title={isWithin ? 'within the target' : 'over the target'}>
      <span className="font-mono tabular-nums">{clockWords(recoveryMs)}</span>
      <span className="sr-only">{isWithin ? ', within the target' : ', over the target'}</span>
    </Status>
  )
}
