'use client'
import { History } from 'lucide-react'
import { parseAsInteger, useQueryState } from 'nuqs'
import type { ReactNode } from 'react'
import { freezesOf } from '#components/environment/freeze-mark'
import { FreezeEntry, PromotionEntry } from '#components/environment/timeline-entry'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import { Pagination } from '#components/ui/pagination'
import type { FreezeView } from '#lib/promotions/freeze'
import type { HistoryEntry } from '#lib/promotions/promotion'
import type { DeploymentView } from '#lib/readiness/deployment'

interface TimelineProps {
  tenant: string
  environment: string
  /** '' for all. */
  application: string
  /** What runs now, to know what an entry could bring back. */
  running: readonly DeploymentView[]
}

interface HistoryPage {
  items: HistoryEntry[]
  total: number
  page: number
  pageSize: number
}

/** Everything that changed an environment, newest first: releases, configuration, operation and freezes. */
export function Timeline({ tenant, environment, application, running }: TimelineProps): ReactNode {
  const [page, setPage] = useQueryState('page', parseAsInteger.withDefault(1).withOptions({ history: 'push' }))
  const history = useApi<HistoryPage>(tenantKey(tenant, 'promotion', 'history'), tenantPath(tenant, 'environment-history'), {
    query: { environment, application, page },
    isKept: true,
  })
  const freezes = useApi<{ items: FreezeView[] }>(tenantKey(tenant, 'board', 'freezes', 'past'), tenantPath(tenant, 'freezes'), {
    query: { includePast: true },
  })
  return (
    <Loaded query={history} label="Loading the timeline" rows={6}>
      {(data) => {
        const last = data.page * data.pageSize
        const rows = merge(data, freezesOf(freezes.data?.items ?? [], environment, application || undefined))
        if (rows.length === 0) {
          return (
            <EmptyState icon={History} title="Nothing has happened here yet">
              Every promotion, rollback, change of configuration and freeze will stand here, with who asked and who approved.
            </EmptyState>
          )
        }
        return (
          <>
            <ol aria-label={`What changed in ${environment}`} className="rounded-3 border bg-surface">
              {rows.map((row) =>
                'kind' in row && 'reason' in row ? (
                  <FreezeEntry key={row.id} freeze={row} />
                ) : (
                  <PromotionEntry
                    key={row.id}
                    tenant={tenant}
                    environment={environment}
                    entry={row}
                    deployment={running.find(({ application: { slug } }) => slug === row.application.slug)}
                  />
                ),
              )}
            </ol>
            {data.total > 0 && (
              <Pagination
                words={`${Math.min((data.page - 1) * data.pageSize + 1, data.total)}–${Math.min(last, data.total)} of ${data.total} promotions`}
                busy={history.isPlaceholderData}
                onPrevious={data.page > 1 ? () => void setPage(data.page - 1) : undefined}
                onNext={last < data.total ? () => void setPage(data.page + 1) : undefined}
              />
            )}
          </>
        )
      }}
    </Loaded>
  )
}

/** Freezes fall into the page on which their time lies; the first page is open to the future, the last one to the past. */
function merge({ items, total, page, pageSize }: HistoryPage, freezes: readonly FreezeView[]): (HistoryEntry | FreezeView)[] {
  const newest = page === 1 ? '9' : (items[0]?.at ?? '')
  const oldest = page * pageSize >= total ? '' : (items.at(-1)?.at ?? '')
  const here = freezes.filter(({ startsAt }) => startsAt <= newest && startsAt > oldest)
  const at = (row: HistoryEntry | FreezeView): string => ('at' in row ? row.at : row.startsAt)
  return [...items, ...here].sort((a, b) => (at(a) < at(b) ? 1 : -1))
}
