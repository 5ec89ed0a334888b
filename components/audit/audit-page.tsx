'use client'
import { FileText } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { AuditFiltersForm } from '#components/audit/audit-filters'
import { ChainStrip } from '#components/audit/chain-strip'
import { EntryList } from '#components/audit/entry-list'
import { Findings } from '#components/audit/findings'
import { auditQuery, emptyFilters, useAuditAddress } from '#components/audit/use-audit-filters'
import { VerifyAction } from '#components/audit/verify-action'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { useReason } from '#components/tenant/use-tenant'
import { CopyLine } from '#components/ui/copy-line'
import { EmptyState } from '#components/ui/empty-state'
import { PageHeader } from '#components/ui/page-header'
import { Pagination } from '#components/ui/pagination'
import { ProblemNotice } from '#components/ui/problem-notice'
import { Skeleton, SkeletonRows } from '#components/ui/skeleton'
import type { EntryPage } from '#lib/audit/entry'
import type { LogStatus } from '#lib/audit/finding'

/** Who did what, and the proof that nobody changed it since. */
export function AuditPage({ tenant }: { tenant: string }): ReactNode {
  const address = useAuditAddress()
  const { filters, after, entry } = address
  const [before, setBefore] = useState<string[]>([])
  const seesAll = useReason(tenant)('audit.read') === undefined
  const status = useApi<LogStatus>(tenantKey(tenant, 'audit', 'status'), tenantPath(tenant, 'audit', 'status'))
  const page = useApi<EntryPage>(tenantKey(tenant, 'audit', 'entries'), tenantPath(tenant, 'audit', 'entries'), {
    query: { ...auditQuery(filters), after, limit: 50 },
    isKept: true,
  })
  const entries = page.data?.entries ?? []
  const next = page.data?.next
  const turn = (to: string, trail: string[]): void => {
    setBefore(trail)
    address.setAfter(to)
  }
  const filter = (changed: typeof filters): void => {
    setBefore([])
    address.setFilters(changed)
  }
  return (
    <>
      <PageHeader title="Audit log" at={page.dataUpdatedAt}>
        {seesAll ? 'Every act in this tenant, sealed in a chain that can be checked.' : 'What you did, and what every member can see.'}
      </PageHeader>
      {status.error && <ProblemNotice problem={status.error} title="The state of the chain could not be read" />}
      {!status.data && !status.error && <Skeleton className="mb-4 h-28 rounded-3" />}
      {status.data && (
        <>
          <Findings findings={status.data.findings} onShow={(id) => filter({ ...emptyFilters, text: id })} />
          <ChainStrip status={status.data} action={<VerifyAction tenant={tenant} />} />
        </>
      )}
      <AuditFiltersForm
        key={JSON.stringify(filters)}
        filters={filters}
        onChange={filter}
        actions={[...new Set(entries.map(({ action }) => action))].toSorted()}
      />
      {page.error && <ProblemNotice problem={page.error} title="The entries could not be listed" />}
      {!page.data && !page.error && <SkeletonRows label="Loading the log" rows={10} />}
      {page.data && entries.length === 0 && (
        <EmptyState icon={FileText} title="No entry is like that">
          Take a filter away, or look at another time.
        </EmptyState>
      )}
      {entries.length > 0 && (
        <EntryList tenant={tenant} entries={entries} signed={status.data?.checkpoint?.size ?? 0} openId={entry} onOpen={address.setEntry} />
      )}
      {page.data && (
        <Pagination
          words={pageWords(entries.length, after !== '', next !== null)}
          busy={page.isFetching && page.isPlaceholderData}
          onPrevious={after === '' ? undefined : () => turn(before.at(-1) ?? '', before.slice(0, -1))}
          onNext={next ? () => turn(next, after === '' ? before : [...before, after]) : undefined}
        />
      )}
      <CopyLine line={`caisson audit verify --tenant ${tenant}`} />
    </>
  )
}

function pageWords(count: number, isFurther: boolean, isMore: boolean): string {
  if (count === 0) return ''
  if (isFurther) return isMore ? `${count} older entries` : `${count} older entries, the last ones`
  return isMore ? `the ${count} newest entries` : `${count} ${count === 1 ? 'entry' : 'entries'} in all`
}
