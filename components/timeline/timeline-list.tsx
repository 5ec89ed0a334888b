'use client'
import { History } from 'lucide-react'
import { parseAsString, useQueryState } from 'nuqs'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { TimelineRow } from '#components/timeline/timeline-row'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import { Pagination } from '#components/ui/pagination'
import type { EnvironmentReadiness } from '#lib/readiness/deployment'
import type { TimelinePage } from '#lib/promotions/timeline'
import type { TimelineKind } from '#lib/promotions/timeline-kind'

export interface TimelineFilters {
  /** '' for all. */
  app: string
  kind: TimelineKind | null
  /** ISO 8601, '' for open. */
  from: string
  until: string
}

export const noFilters: TimelineFilters = { app: '', kind: null, from: '', until: '' }

interface TimelineListProps {
  tenant: string
  environment: string
  filters: TimelineFilters
}

/** Everything that changed an environment, newest first; a page goes on where the one before ended. */
export function TimelineList({ tenant, environment, filters }: TimelineListProps): ReactNode {
  const [after, setAfter] = useQueryState('after', parseAsString.withOptions({ history: 'push' }))
  const { app, kind, from, until } = filters
  const timeline = useApi<TimelinePage>(
    tenantKey(tenant, 'board', 'timeline', environment),
    tenantPath(tenant, 'environments', environment, 'timeline'),
    {
      query: {
        application: app || undefined,
        kind: kind ?? undefined,
        from: from || undefined,
        until: until || undefined,
        after: after ?? undefined,
      },
      isKept: true,
    },
  )
  const running = useApi<EnvironmentReadiness>(
    tenantKey(tenant, 'board', 'readiness', environment),
    tenantPath(tenant, 'environments', environment, 'deployments'),
  )
  return (
    <Loaded query={timeline} label="Loading the timeline" rows={6}>
      {({ items, next }) =>
        items.length === 0 ? (
          <Empty isFiltered={JSON.stringify(filters) !== JSON.stringify({ ...noFilters, app })} />
        ) : (
          <>
            <ol aria-label={`What changed in ${environment}`} className="rounded-3 border bg-surface">
              {items.map((entry) => (
                <TimelineRow key={entry.id} tenant={tenant} environment={environment} entry={entry} running={running.data?.deployments ?? []} />
              ))}
            </ol>
            {(after !== null || next !== null) && (
              <Pagination
                words={after ? 'older changes' : 'the newest changes'}
                busy={timeline.isPlaceholderData}
                onPrevious={after ? () => void setAfter(null) : undefined}
                onNext={next ? () => void setAfter(next) : undefined}
              />
            )}
          </>
        )
      }
    </Loaded>
  )
}

function Empty({ isFiltered }: { isFiltered: boolean }): ReactNode {
  if (isFiltered) {
    return (
      <EmptyState icon={History} title="Nothing of this kind changed here then">
        Another kind, or a longer time, may tell more.
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={History} title="Nothing has changed here yet">
      Every release, configuration, secret, freeze and hold will stand here, with who did it and who approved.
    </EmptyState>
  )
}
