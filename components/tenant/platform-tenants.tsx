'use client'
import Link from 'next/link'
import { useState, type ReactNode } from 'react'
import { useApi } from '#components/live'
import { JoinTenantDialog } from '#components/tenant/join-tenant-dialog'
import { TenantStanding } from '#components/tenant/tenant-standing'
import { Button } from '#components/ui/button'
import { DataTable, type Column } from '#components/ui/data-table'
import { ProblemNotice } from '#components/ui/problem-notice'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { SkeletonRows } from '#components/ui/skeleton'
import type { TenantSummary } from '#lib/tenants/tenant'

type Listed = TenantSummary & { createdAt: string; members: number }

/** Every tenant of the installation, for platform admins; being listed gives no way in. */
export function PlatformTenants(): ReactNode {
  const [joining, setJoining] = useState<string>()
  const all = useApi<{ items: Listed[] }>(['platform', 'tenants'], '/platform/tenants')
  const columns: Column<Listed>[] = [
    { key: 'name', head: 'Tenant', isName: true, cell: (row) => row.name },
    { key: 'slug', head: 'Slug', cell: (row) => <span className="font-mono text-sm">{row.slug}</span> },
    { key: 'tier', head: 'Tier', cell: (row) => row.tier },
    { key: 'members', head: 'Members', cell: (row) => row.members, align: 'end' },
    { key: 'created', head: 'Created', cell: (row) => <RelativeTime at={row.createdAt} /> },
    { key: 'state', head: 'State', cell: (row) => <TenantStanding isSuspended={row.isSuspended} /> },
    { key: 'act', head: <span className="sr-only">Way in</span>, align: 'end', cell: (row) => <WayIn row={row} onJoin={setJoining} /> },
  ]
  return (
    <Section title="Every tenant of this installation" aside={all.data && `${all.data.items.length} in all`} className="mt-8">
      {all.error && <ProblemNotice problem={all.error} title="The tenants could not be listed" />}
      {!all.data && !all.error && <SkeletonRows label="Loading every tenant" rows={3} />}
      {all.data && <DataTable caption="Every tenant of this installation" columns={columns} rows={all.data.items} rowKey={({ slug }) => slug} />}
      {joining !== undefined && <JoinTenantDialog slug={joining} onClose={() => setJoining(undefined)} />}
    </Section>
  )
}

function WayIn({ row, onJoin }: { row: Listed; onJoin: (slug: string) => void }): ReactNode {
  if (row.roles.length > 0) {
    return (
      <Link href={`/t/${row.slug}/settings/tenant`} className="text-sm text-accent hover:underline">
        Tier and state
      </Link>
    )
  }
  return (
    <Button size="sm" onClick={() => onJoin(row.slug)} aria-label={`Join ${row.slug}`}>
      Join with a reason
    </Button>
  )
}
