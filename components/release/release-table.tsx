import { CirclePlay } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { environmentHref, releaseHref } from '#components/release/sheet-link'
import { Bytes } from '#components/ui/bytes'
import { DataTable, type Column } from '#components/ui/data-table'
import { Digest } from '#components/ui/digest'
import { RelativeTime } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import type { ReleaseSummary } from '#lib/releases/release'

/** Releases, each by its digest's face; the caller says what to show when there are none. */
export function ReleaseTable({ tenant, releases, empty }: { tenant: string; releases: ReleaseSummary[]; empty: ReactNode }): ReactNode {
  return <DataTable caption="Releases, newest first" columns={columnsOf(tenant)} rows={releases} rowKey={({ id }) => id} empty={empty} />
}

function columnsOf(tenant: string): Column<ReleaseSummary>[] {
  return [
    {
      key: 'release',
      head: 'Release',
      isName: true,
      cell: ({ application, name, channel }) => (
        <span className="flex flex-wrap items-baseline gap-x-2">
          <Link href={releaseHref(tenant, application.slug, name)}>
            {application.slug} <span className="font-mono break-all">{name}</span>
          </Link>
          {channel === 'preview' && <span className="text-sm font-normal text-ink-3">preview</span>}
        </span>
      ),
    },
    { key: 'digest', head: 'Image', cell: ({ digest }) => <Digest digest={digest} isCopied /> },
    { key: 'runs', head: 'Runs in', cell: (release) => <RunsIn tenant={tenant} release={release} /> },
    { key: 'size', head: 'Size', align: 'end', cell: ({ sizeBytes }) => <Bytes count={sizeBytes} /> },
    { key: 'commit', head: 'Commit', cell: ({ commit }) => <Commit commit={commit} /> },
    {
      key: 'uploaded',
      head: 'Uploaded by',
      cell: ({ createdBy, createdAt }) => (
        <span className="text-ink-2">
          {createdBy.name}, <RelativeTime at={createdAt} />
        </span>
      ),
    },
  ]
}

function Commit({ commit }: { commit: string }): ReactNode {
  if (commit === '') return <span className="text-ink-3">not given</span>
  return (
    <span title={commit} className="font-mono text-sm">
      {commit.slice(0, 7)}
    </span>
  )
}

export function RunsIn({ tenant, release }: { tenant: string; release: Pick<ReleaseSummary, 'application' | 'runsIn'> }): ReactNode {
  if (release.runsIn.length === 0) return <span className="text-ink-3">nowhere now</span>
  return (
    <span className="flex flex-wrap gap-1">
      {release.runsIn.map((environment) => (
        <Link key={environment} href={environmentHref(tenant, environment, release.application.slug)}>
          <Status tone="off" icon={CirclePlay}>
            {environment}
          </Status>
        </Link>
      ))}
    </span>
  )
}
