import type { ReactNode } from 'react'
import { ForActors } from '#components/layout/reader'
import { Button } from '#components/ui/button'
import type { Column } from '#components/ui/data-table'
import { RelativeTime } from '#components/ui/relative-time'
import { Status, type StatusTone } from '#components/ui/status'
import type { TokenView } from '#lib/access/api-token'

const tones: Record<TokenView['state'], StatusTone> = { live: 'ok', expired: 'off', revoked: 'off' }

/** What the table of tokens shows. `reason` tells why the reader may revoke none. */
export function tokenColumns(reason: string | undefined, onRevoke: (token: TokenView) => void): Column<TokenView>[] {
  return [
    { key: 'name', head: 'Name', isName: true, cell: (row) => row.name },
    { key: 'verbs', head: 'May', cell: (row) => <Verbs verbs={row.verbs} /> },
    { key: 'by', head: 'Created by', cell: (row) => <Made token={row} /> },
    {
      key: 'used',
      head: 'Last used',
      cell: (row) => (row.lastUsedAt === '' ? <span className="text-ink-3">never</span> : <RelativeTime at={row.lastUsedAt} />),
    },
    {
      key: 'ends',
      head: 'Ends',
      cell: (row) => (row.expiresAt === '' ? <span className="text-ink-3">when revoked</span> : <RelativeTime at={row.expiresAt} />),
    },
    {
      key: 'state',
      head: 'State',
      cell: (row) => (
        <Status tone={tones[row.state]} plain>
          {row.state}
        </Status>
      ),
    },
    {
      key: 'act',
      head: <span className="sr-only">Acts</span>,
      align: 'end',
      cell: (row) =>
        row.state === 'live' && (
          <ForActors>
            <Button size="sm" tone="danger" aria-label={`Revoke the token ${row.name}`} disabledReason={reason} onClick={() => onRevoke(row)}>
              Revoke
            </Button>
          </ForActors>
        ),
    },
  ]
}

function Verbs({ verbs }: { verbs: readonly string[] }): ReactNode {
  return (
    <span className="flex max-w-prose flex-wrap gap-x-2 font-mono text-xs text-ink-2">
      {verbs.map((verb) => (
        <span key={verb}>{verb}</span>
      ))}
    </span>
  )
}

function Made({ token }: { token: TokenView }): ReactNode {
  return (
    <>
      {token.createdBy.name}{' '}
      <span className="text-ink-3">
        · <RelativeTime at={token.createdAt} />
      </span>
    </>
  )
}
