'use client'
import { Scale } from 'lucide-react'
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import type { ReactNode } from 'react'
import { ChangeTable } from '#components/desk/change-table'
import { periodWords } from '#components/desk/desk-period'
import { DeskFiltersForm, type DeskFilters } from '#components/desk/desk-filters'
import { ExceptionList } from '#components/desk/exception-list'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { useReason } from '#components/tenant/use-tenant'
import { Banner } from '#components/ui/banner'
import { Button } from '#components/ui/button'
import { buttonClass } from '#components/ui/button-class'
import { CopyLine } from '#components/ui/copy-line'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import { Pagination, rangeWords } from '#components/ui/pagination'
import { Section } from '#components/ui/section'
import type { DeskView } from '#lib/kits/desk'

const word = parseAsString.withDefault('')
const address = {
  from: word,
  to: word,
  app: word,
  env: word,
  only: parseAsStringLiteral(['all', 'exceptions'] as const).withDefault('all'),
  page: parseAsInteger.withDefault(1),
}

/** What reached production in a period: exceptions first, then every change with who held which duty. */
export function DeskPage({ tenant }: { tenant: string }): ReactNode {
  const [{ page, ...filters }, set] = useQueryStates(address)
  const reason = useReason(tenant)
  const closed = reason('desk.use')
  const query = questionOf(filters)
  const desk = useApi<DeskView>(tenantKey(tenant, 'audit', 'desk'), tenantPath(tenant, 'desk'), {
    query: { ...query, only: filters.only, page },
    isKept: true,
    isEnabled: closed === undefined,
  })
  return (
    <>
      <PageHeader title="Auditor’s desk" at={desk.dataUpdatedAt} actions={<Export tenant={tenant} query={query} reason={reason('audit.export')} />}>
        What reached production in a period, what was out of the ordinary, and who held which duty.
      </PageHeader>
      {closed === undefined ? (
        <>
          <DeskFiltersForm
            key={JSON.stringify(filters)}
            tenant={tenant}
            filters={filters}
            onChange={(next) => void set({ ...next, page: null }, { history: 'push' })}
          />
          <Loaded query={desk} label="Looking at the period" rows={8}>
            {(data) => <Parts tenant={tenant} desk={data} onPage={(next) => void set({ page: next }, { history: 'push' })} />}
          </Loaded>
        </>
      ) : (
        <EmptyState icon={Scale} title="This desk is an auditor’s">
          {closed}
        </EmptyState>
      )}
      <div className="mt-6 print:hidden">
        <CopyLine line={`caisson audit export --changes --format csv --tenant ${tenant}`} />
      </div>
    </>
  )
}

function Parts({ tenant, desk, onPage }: { tenant: string; desk: DeskView; onPage: (page: number) => void }): ReactNode {
  const { counts, page, pageSize, total, environments } = desk
  const places = environments.map(({ slug }) => slug).join(', ')
  return (
    <div className="grid gap-6">
      {desk.isCut && (
        <Banner tone="wait" title="More changes than this page looks at">
          The oldest of the period are left out. Choose a shorter one to see them.
        </Banner>
      )}
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-3 border bg-line sm:grid-cols-3 lg:grid-cols-6">
        <Count name="Changes" value={counts.changes} />
        <Count name="With exceptions" value={counts.withExceptions} />
        <Count name="Breaches" value={counts.breaches} />
        <Count name="Rollbacks" value={counts.rollbacks} />
        <Count name="Not completed" value={counts.notCompleted} />
        <Count name="Attempts refused" value={counts.denied} />
      </dl>
      <Section title="Exceptions" aside={`${periodWords(desk.from, desk.to)}, in ${places || 'no environment'}`}>
        <ExceptionList tenant={tenant} exceptions={desk.exceptions} />
      </Section>
      <Section title="Changes" aside="a person who holds two duties of a change is marked">
        <ChangeTable
          tenant={tenant}
          changes={desk.changes}
          empty={
            <EmptyState icon={Scale} title="Nothing reached these environments in this period">
              Look at another period, or choose an environment that is not protected.
            </EmptyState>
          }
        />
        <Pagination
          words={total === 0 ? '' : rangeWords({ page, pageSize, total })}
          onPrevious={page > 1 ? () => onPage(page - 1) : undefined}
          onNext={page * pageSize < total ? () => onPage(page + 1) : undefined}
        />
      </Section>
    </div>
  )
}

function Count({ name, value }: { name: string; value: number }): ReactNode {
  return (
    <div className="bg-surface px-3.5 py-2.5">
      <dt className="text-sm text-ink-3">{name}</dt>
      <dd className="text-lg font-[620] tabular-nums">{value.toLocaleString('en')}</dd>
    </div>
  )
}

/** The same period and place as the page; that it was taken is an entry of the log. */
function Export({ tenant, query, reason }: { tenant: string; query: Record<string, string>; reason: string | undefined }): ReactNode {
  return (['csv', 'jsonl'] as const).map((format) => {
    const words = `Export ${format.toUpperCase()}`
    if (reason !== undefined) {
      return (
        <Button key={format} disabledReason={reason}>
          {words}
        </Button>
      )
    }
    const asked = new URLSearchParams({ ...Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')), format })
    return (
      <a key={format} href={`/api/v1${tenantPath(tenant, 'desk', 'changes')}?${asked}`} download className={buttonClass('secondary', 'md')}>
        {words}
      </a>
    )
  })
}

/** Days to moments: the last day is included. */
function questionOf({ from, to, app, env }: Omit<DeskFilters, 'only'>): Record<string, string> {
  const start = Date.parse(`${from}T00:00:00Z`)
  const end = Date.parse(`${to}T00:00:00Z`)
  return {
    application: app,
    environment: env,
    from: Number.isNaN(start) ? '' : new Date(start).toISOString(),
    to: Number.isNaN(end) ? '' : new Date(end + 86_400_000).toISOString(),
  }
}
