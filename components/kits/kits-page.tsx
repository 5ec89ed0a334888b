'use client'
import { PackageCheck, PackagePlus } from 'lucide-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import type { ReactNode } from 'react'
import { ForActors } from '#components/layout/reader'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { why } from '#components/promotion/promotion-acts'
import { Button } from '#components/ui/button'
import { CopyLine } from '#components/ui/copy-line'
import { DataTable } from '#components/ui/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import { RelativeTime } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import type { KitList, KitSummary } from '#lib/kits/kit'
import { titleOf } from '#lib/kits/stages'

// Its code comes when it is opened.
const CreateKitDialog = dynamic(async () => (await import('#components/kits/create-kit-dialog')).CreateKitDialog, { ssr: false })

/** What platform teams install from and take over: one kit for each application in an environment. */
export function KitsPage({ tenant }: { tenant: string }): ReactNode {
  const [open, setOpen] = useQueryState('do', parseAsStringLiteral(['create'] as const))
  const query = useApi<KitList>(tenantKey(tenant, 'release', 'kits'), tenantPath(tenant, 'kits'))
  const off = query.data && why(query.data.create)
  const create = (
    <ForActors>
      <Button tone="primary" icon={PackagePlus} disabledReason={off} onClick={() => void setOpen('create')}>
        New kit
      </Button>
    </ForActors>
  )
  return (
    <>
      <PageHeader at={query.dataUpdatedAt} title="Install kits" actions={create}>
        What a platform team installs from, reviews, and takes over: exact digests and values, in immutable revisions.
      </PageHeader>
      <div className="grid gap-4">
        <Loaded query={query} label="Loading the kits">
          {({ items }) => <KitTable tenant={tenant} items={items} />}
        </Loaded>
        <CopyLine line={`caisson kit list --tenant ${tenant}`} />
      </div>
      {open === 'create' && off === undefined && query.data && <CreateKitDialog tenant={tenant} onClose={() => void setOpen(null)} />}
    </>
  )
}

function KitTable({ tenant, items }: { tenant: string; items: readonly KitSummary[] }): ReactNode {
  return (
    <DataTable
      caption="Install kits"
      rows={items}
      rowKey={({ id }) => id}
      empty={
        <EmptyState title="There is no kit yet" icon={PackageCheck}>
          A kit is made of what runs: the digests, the values, the secrets by name, a runbook and the checklist.
        </EmptyState>
      }
      columns={[
        {
          key: 'kit',
          head: 'Kit',
          isName: true,
          cell: ({ id, application, environment }) => (
            <Link href={`/t/${encodeURIComponent(tenant)}/kits/${id}`}>
              {application.slug} in {environment.slug}
            </Link>
          ),
        },
        { key: 'release', head: 'Release', cell: ({ release }) => <span className="font-mono">{release}</span> },
        { key: 'revision', head: 'Revision', cell: ({ revision }) => <span className="tabular-nums">{revision}</span> },
        { key: 'standing', head: 'Stage', cell: (kit) => <Standing kit={kit} /> },
        { key: 'owner', head: 'Owned by', cell: ({ owner }) => owner || <span className="text-ink-3">those who release</span> },
        { key: 'at', head: 'Made', cell: ({ updatedAt }) => <RelativeTime at={updatedAt} /> },
      ]}
    />
  )
}

function Standing({ kit }: { kit: KitSummary }): ReactNode {
  if (kit.standing === 'handed_off') return <Status tone="ok">handed off</Status>
  if (kit.standing === 'failed') return <Status tone="bad">{`failed: ${titleOf(kit.stage).toLowerCase()}`}</Status>
  return <Status tone="wait">{titleOf(kit.stage).toLowerCase()}</Status>
}
