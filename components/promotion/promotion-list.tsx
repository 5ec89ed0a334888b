'use client'
import { GitPullRequestArrow } from 'lucide-react'
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { PlaceFilters } from '#components/promotion/place-filters'
import { PromotionTable } from '#components/promotion/promotion-table'
import { kindWords } from '#components/promotion/promotion-words'
import { Button } from '#components/ui/button'
import { CopyLine } from '#components/ui/copy-line'
import { EmptyState } from '#components/ui/empty-state'
import { LinkButton } from '#components/ui/link-button'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import { Pagination, rangeWords } from '#components/ui/pagination'
import { Select } from '#components/ui/select'
import type { PromotionPage } from '#lib/promotions/promotion'
import { promotionStates, stateWords } from '#lib/promotions/promotion-state'
import { promotionKinds } from '#lib/promotions/promotion-kind'

const address = {
  app: parseAsString.withDefault(''),
  env: parseAsString.withDefault(''),
  state: parseAsStringLiteral(promotionStates),
  kind: parseAsStringLiteral(promotionKinds),
  page: parseAsInteger.withDefault(1),
}
const none = { app: null, env: null, state: null, kind: null, page: null }
type Change = Partial<Record<'app' | 'env' | 'state' | 'kind', string | null>>

/** Every decision to change what an environment runs, newest first. */
export function PromotionList({ tenant }: { tenant: string }): ReactNode {
  const [filters, setFilters] = useQueryStates(address)
  const { app, env, state, kind, page } = filters
  const query = useApi<PromotionPage>(tenantKey(tenant, 'promotion', 'list'), tenantPath(tenant, 'promotions'), {
    query: { application: app, environment: env, state: state ?? undefined, kind: kind ?? undefined, page },
    isKept: true,
  })
  const isFiltered = app !== '' || env !== '' || state !== null || kind !== null
  const filter = (change: Change): void => void setFilters({ ...change, page: null } as Parameters<typeof setFilters>[0])
  return (
    <>
      <PageHeader at={query.dataUpdatedAt} title="Promotions">
        Every request to change what an environment runs, newest first.
      </PageHeader>
      <div className="grid gap-3">
        <div className="grid grid-cols-2 gap-2 md:grid-cols-4">
          <PlaceFilters tenant={tenant} app={app} env={env} onChange={filter} />
          <Select
            label="State"
            value={state ?? ''}
            options={[{ value: '', label: 'Any state' }, ...promotionStates.map((value) => ({ value, label: stateWords[value] }))]}
            onChange={(value) => filter({ state: value || null })}
          />
          <Select
            label="Kind"
            value={kind ?? ''}
            options={[{ value: '', label: 'Any kind' }, ...promotionKinds.map((value) => ({ value, label: kindWords[value] }))]}
            onChange={(value) => filter({ kind: value || null })}
          />
        </div>
        <Loaded query={query} label="Loading the promotions" rows={8}>
          {({ items, total, pageSize }) => (
            <>
              <PromotionTable
                tenant={tenant}
                caption="Promotions"
                rows={items}
                empty={isFiltered ? <NoMatch onClear={() => void setFilters(none)} /> : <NothingYet tenant={tenant} />}
              />
              {total > 0 && (
                <Pagination
                  words={rangeWords({ page, pageSize, total })}
                  onPrevious={page > 1 ? () => void setFilters({ page: page - 1 }) : undefined}
                  onNext={page * pageSize < total ? () => void setFilters({ page: page + 1 }) : undefined}
                  busy={query.isPlaceholderData}
                />
              )}
            </>
          )}
        </Loaded>
        <CopyLine
          line={['caisson promotions', app && `--app ${app}`, env && `--env ${env}`, state && `--state ${state}`, `--tenant ${tenant}`]
            .filter(Boolean)
            .join(' ')}
        />
      </div>
    </>
  )
}

function NoMatch({ onClear }: { onClear: () => void }): ReactNode {
  return (
    <EmptyState title="No promotion matches" action={<Button onClick={onClear}>Clear the filters</Button>}>
      None of the promotions is of this application, environment, state and kind.
    </EmptyState>
  )
}

function NothingYet({ tenant }: { tenant: string }): ReactNode {
  return (
    <EmptyState title="Nothing was promoted yet" icon={GitPullRequestArrow} action={<LinkButton href={`/t/${tenant}`}>Open the board</LinkButton>}>
      Upload a JAR, then promote its release from the board.
    </EmptyState>
  )
}
