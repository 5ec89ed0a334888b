import type { ReactNode } from 'react'
import { gateName } from '#components/gates/gate-words'
import { PromotionLink } from '#components/promotion/promotion-table'
import { DataTable, type Column } from '#components/ui/data-table'
import { LinkButton } from '#components/ui/link-button'
import { RelativeTime } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import { waits } from '#lib/promotions/gates'
import type { InboxItem } from '#lib/promotions/inbox'

interface InboxTableProps {
  tenant: string
  caption: string
  items: readonly InboxItem[]
  empty: ReactNode
}

/** Requests that wait: who asked, what they wait for, and the way to the page on which they are decided. */
export function InboxTable({ tenant, caption, items, empty }: InboxTableProps): ReactNode {
  const columns: readonly Column<InboxItem>[] = [
    { key: 'what', head: 'Request', isName: true, cell: (item) => <PromotionLink tenant={tenant} promotion={item} /> },
    {
      key: 'by',
      head: 'Requested by',
      cell: ({ requestedBy, requestedAt }) => (
        <>
          {requestedBy.name}
          <span className="block text-sm text-ink-3">
            <RelativeTime at={requestedAt} />
          </span>
        </>
      ),
    },
    { key: 'waits', head: 'Waits for', cell: (item) => <WaitsFor item={item} /> },
    { key: 'expires', head: 'Expires', cell: ({ expiresAt }) => <RelativeTime at={expiresAt} /> },
    {
      key: 'open',
      head: <span className="sr-only">Decide</span>,
      align: 'end',
      cell: (item) => (
        <LinkButton
          size="sm"
          tone={item.mayApprove.allowed ? 'primary' : 'secondary'}
          href={`/t/${tenant}/promotions/${item.id}`}
          aria-label={`${item.mayApprove.allowed ? 'Review and approve' : 'Open'} ${item.application.slug} ${item.release} for ${item.environment.slug}`}
        >
          {item.mayApprove.allowed ? 'Review and approve' : 'Open'}
        </LinkButton>
      ),
    },
  ]
  return <DataTable caption={caption} columns={columns} rows={items} rowKey={({ id }) => id} empty={empty} />
}

function WaitsFor({ item }: { item: InboxItem }): ReactNode {
  const { approvals, blockedBy, mayApprove } = item
  const isApproved = approvals.given >= approvals.required
  return (
    <div className="grid justify-items-start gap-1">
      {approvals.required > 0 && (
        <Status tone={isApproved ? 'ok' : 'wait'}>
          {approvals.given} of {approvals.required} approvals
        </Status>
      )}
      {blockedBy.map((gate) => (
        <Status key={gate.gate} tone={waits(gate) ? 'wait' : 'bad'} title={gate.reason}>
          {gateName(gate.gate)}
        </Status>
      ))}
      {!mayApprove.allowed && <span className="text-sm text-ink-2">{mayApprove.reason}</span>}
    </div>
  )
}
