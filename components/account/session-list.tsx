'use client'
import type { ReactNode } from 'react'
import { apiSend } from '#components/api'
import { useApi } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { DataTable, type Column } from '#components/ui/data-table'
import { ProblemNotice } from '#components/ui/problem-notice'
import { RelativeTime } from '#components/ui/relative-time'
import { SkeletonRows } from '#components/ui/skeleton'
import { Status } from '#components/ui/status'
import { deviceWords } from '#components/account/device-words'
import type { SessionView } from '#lib/access/session'

/** Everywhere one is signed in, with the means to end each. */
export function SessionList(): ReactNode {
  const sessions = useApi<{ items: SessionView[] }>(['sessions'], '/sessions')
  const end = useChange((id: string) => apiSend('DELETE', `/sessions/${id}`), [['sessions']])
  if (sessions.error) return <ProblemNotice problem={sessions.error} action={<Button onClick={() => void sessions.refetch()}>Try again</Button>} />
  if (!sessions.data) return <SkeletonRows rows={2} label="Loading your sessions" />
  return (
    <div className="grid gap-3">
      {end.error && <ProblemNotice problem={end.error} title="The session was not ended" />}
      <DataTable
        caption="Your sessions"
        columns={columnsWith(end.mutate, end.isPending ? end.variables : undefined)}
        rows={sessions.data.items}
        rowKey={({ id }) => id}
      />
    </div>
  )
}

function columnsWith(end: (id: string) => void, ending: string | undefined): Column<SessionView>[] {
  return [
    {
      key: 'device',
      head: 'Signed in on',
      isName: true,
      cell: ({ kind, userAgent, isCurrent }) => (
        <span className="flex flex-wrap items-center gap-2" title={userAgent}>
          {kind === 'command_line' ? 'Command line' : deviceWords(userAgent)}
          {isCurrent && <Status tone="ok">this one</Status>}
        </span>
      ),
    },
    { key: 'address', head: 'From', cell: ({ address }) => <span className="font-mono text-sm">{address || 'unknown'}</span> },
    { key: 'seen', head: 'Last used', cell: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} /> },
    { key: 'created', head: 'Signed in', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
    { key: 'ends', head: 'Ends', cell: ({ expiresAt }) => <RelativeTime at={expiresAt} /> },
    {
      key: 'end',
      head: <span className="sr-only">Act</span>,
      align: 'end',
      cell: ({ id, isCurrent }) =>
        !isCurrent && (
          <Button size="sm" tone="danger" busy={ending === id} onClick={() => end(id)}>
            End
          </Button>
        ),
    },
  ]
}
