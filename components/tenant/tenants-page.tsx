'use client'
import { Building2, Plus } from 'lucide-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { useAct } from '#components/layout/use-act'
import { useApi } from '#components/live'
import { RoleChips } from '#components/settings/role-chips'
import { PlatformTenants } from '#components/tenant/platform-tenants'
import { TenantStanding } from '#components/tenant/tenant-standing'
import { useMe, usePlatformReason } from '#components/tenant/use-tenant'
import { Button } from '#components/ui/button'
import { CopyLine } from '#components/ui/copy-line'
import { DataTable, type Column } from '#components/ui/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { PageHeader } from '#components/ui/page-header'
import { ProblemNotice } from '#components/ui/problem-notice'
import { SkeletonRows } from '#components/ui/skeleton'
import type { TenantSummary } from '#lib/tenants/tenant'

// Its code comes when it is opened.
const CreateTenantDialog = dynamic(async () => (await import('#components/tenant/create-tenant-dialog')).CreateTenantDialog, { ssr: false })

const columns: Column<TenantSummary>[] = [
  {
    key: 'name',
    head: 'Tenant',
    isName: true,
    cell: (row) => <Link href={`/t/${row.slug}`}>{row.name}</Link>,
  },
  { key: 'slug', head: 'Slug', cell: (row) => <span className="font-mono text-sm">{row.slug}</span> },
  { key: 'tier', head: 'Tier', cell: (row) => row.tier },
  { key: 'roles', head: 'Your roles', cell: (row) => <RoleChips roles={row.roles} /> },
  { key: 'state', head: 'State', cell: (row) => <TenantStanding isSuspended={row.isSuspended} /> },
]

/** Where one may go; for platform admins also all that there is. */
export function TenantsPage(): ReactNode {
  const me = useMe()
  const reason = usePlatformReason()('tenant.create')
  const [isCreating, setCreating] = useAct('create', reason)
  const mine = useApi<{ items: TenantSummary[] }>(['tenants'], '/tenants')
  const create = (
    <Button tone="primary" icon={Plus} disabledReason={reason} onClick={() => setCreating(true)}>
      Create a tenant
    </Button>
  )
  return (
    <>
      <PageHeader title="Tenants" at={mine.dataUpdatedAt} actions={create}>
        The tenants that you are a member of.
      </PageHeader>
      {mine.error && <ProblemNotice problem={mine.error} title="Your tenants could not be listed" />}
      {!mine.data && !mine.error && <SkeletonRows label="Loading your tenants" rows={3} />}
      {mine.data && <DataTable caption="Your tenants" columns={columns} rows={mine.data.items} rowKey={({ slug }) => slug} empty={<NoTenant />} />}
      {me.data?.isPlatformAdmin && <PlatformTenants />}
      <div className="mt-6">
        <CopyLine line="caisson tenant list" />
      </div>
      {isCreating && <CreateTenantDialog onClose={() => setCreating(false)} />}
    </>
  )
}

function NoTenant(): ReactNode {
  return (
    <EmptyState icon={Building2} title="You are a member of no tenant">
      <p>Ask the admin of a tenant for an invitation link: it lets you in once, within 72 hours.</p>
    </EmptyState>
  )
}
