import { Lock } from 'lucide-react'
import Link from 'next/link'
import { Button } from '#components/ui/button'
import type { Column } from '#components/ui/data-table'
import { Status } from '#components/ui/status'
import type { EnvironmentView } from '#lib/tenants/environment'

/** What the table of environments shows. `reason` tells why the reader may change none. */
export function environmentColumns(
  tenant: string,
  reason: string | undefined,
  onEdit: (environment: EnvironmentView) => void,
): Column<EnvironmentView>[] {
  return [
    {
      key: 'name',
      head: 'Environment',
      isName: true,
      cell: (row) => (
        <>
          {row.slug} <span className="font-normal text-ink-3">{row.name}</span>
        </>
      ),
    },
    { key: 'rank', head: 'Rank', cell: (row) => row.rank, align: 'end' },
    {
      key: 'upstream',
      head: 'Upstream',
      cell: (row) => (row.upstream.length === 0 ? <span className="text-ink-3">none</span> : row.upstream.join(', ')),
    },
    {
      key: 'protected',
      head: 'Protection',
      cell: (row) =>
        row.isProtected ? (
          <Status tone="off" icon={Lock} plain>
            protected
          </Status>
        ) : (
          <span className="text-ink-3">open to developers</span>
        ),
    },
    { key: 'origin', head: 'From', cell: (row) => (row.isCustom ? 'custom' : 'the tier') },
    { key: 'runtime', head: 'Runtime', cell: (row) => row.runtimeKind },
    {
      key: 'standing',
      head: 'Standing',
      cell: (row) =>
        row.standing === 'open' ? (
          <Status tone="ok" plain>
            in use
          </Status>
        ) : (
          <Status tone="wait" title="The tier does not have it any more: look, stop and roll back; nothing new comes in.">
            read only
          </Status>
        ),
    },
    {
      key: 'policy',
      head: 'Policy',
      cell: (row) => (
        <Link href={`/t/${tenant}/settings/policies?environment=${row.slug}`} className="text-accent hover:underline">
          version {row.policyVersion}
        </Link>
      ),
    },
    {
      key: 'act',
      head: <span className="sr-only">Acts</span>,
      align: 'end',
      cell: (row) => (
        <Button size="sm" aria-label={`Edit ${row.slug}`} disabledReason={reason} onClick={() => onEdit(row)}>
          Edit
        </Button>
      ),
    },
  ]
}
