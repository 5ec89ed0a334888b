'use client'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { DataTable, type Column } from '#components/ui/data-table'
import { ProblemNotice } from '#components/ui/problem-notice'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { SkeletonRows } from '#components/ui/skeleton'
import type { EntryPage, EntryView } from '#lib/audit/entry'
import type { EnvironmentView } from '#lib/tenants/environment'

/** Who wrote which version and why, out of the audit log, which holds both documents of every change. */
export function PolicyVersions({ tenant, environment }: { tenant: string; environment: EnvironmentView }): ReactNode {
  const query = { action: 'policy.edited', subject: `environment:${environment.id}`, outcome: 'done', limit: 20 }
  const changes = useApi<EntryPage>(tenantKey(tenant, 'audit', 'policy'), tenantPath(tenant, 'audit', 'entries'), { query })
  const columns: Column<EntryView>[] = [
    { key: 'version', head: 'Version', isName: true, cell: (row) => JSON.stringify(row.after['version']) },
    { key: 'by', head: 'Written by', cell: (row) => row.actor.name },
    { key: 'when', head: 'Written', cell: (row) => <RelativeTime at={row.at} /> },
    { key: 'why', head: 'Reason', cell: (row) => row.reason || <span className="text-ink-3">none given</span> },
    {
      key: 'entry',
      head: 'What changed',
      cell: (row) => (
        <Link href={`/t/${tenant}/audit?text=${row.id}&entry=${row.id}`} className="text-accent hover:underline">
          audit entry
        </Link>
      ),
    },
  ]
  return (
    <Section title="Versions" className="mt-8">
      {changes.error && <ProblemNotice problem={changes.error} title="The versions could not be listed" />}
      {!changes.data && !changes.error && <SkeletonRows rows={2} label="Loading the versions" />}
      {changes.data && (
        <DataTable
          caption={`Versions of the policy of ${environment.slug}`}
          columns={columns}
          rows={changes.data.entries}
          rowKey={({ id }) => id}
          empty={<p className="text-ink-3">As it was made with the environment; nobody changed it since.</p>}
        />
      )}
    </Section>
  )
}
