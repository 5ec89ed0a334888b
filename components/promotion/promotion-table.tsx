import Link from 'next/link'
import type { ReactNode } from 'react'
import { PromotionStatus, promotionTitle } from '#components/promotion/promotion-words'
import { DataTable, type Column } from '#components/ui/data-table'
import { Digest } from '#components/ui/digest'
import { DigestMark } from '#components/ui/digest-mark'
import { RelativeTime } from '#components/ui/relative-time'
import type { PromotionSummary } from '#lib/promotions/promotion'

interface PromotionTableProps {
  tenant: string
  caption: string
  rows: readonly PromotionSummary[]
  empty: ReactNode
}

/** Promotions as rows; the name leads to the page. */
export function PromotionTable({ tenant, caption, rows, empty }: PromotionTableProps): ReactNode {
  const columns: readonly Column<PromotionSummary>[] = [
    { key: 'what', head: 'Promotion', isName: true, cell: (row) => <PromotionLink tenant={tenant} promotion={row} /> },
    { key: 'digest', head: 'Image', cell: ({ digest }) => digest !== '' && <Digest digest={digest} isMarked={false} /> },
    {
      key: 'state',
      head: 'State',
      cell: ({ state, outcome }) => (
        <div className="grid justify-items-start gap-0.5">
          <PromotionStatus state={state} />
          {outcome !== '' && state !== 'completed' && <span className="line-clamp-2 text-sm break-words text-ink-2">{outcome}</span>}
        </div>
      ),
    },
    { key: 'by', head: 'Requested by', cell: ({ requestedBy }) => requestedBy.name },
    { key: 'at', head: 'Requested', align: 'end', cell: ({ requestedAt }) => <RelativeTime at={requestedAt} /> },
  ]
  return <DataTable caption={caption} columns={columns} rows={rows} rowKey={({ id }) => id} empty={empty} />
}

/** The face of the release and what is asked for, as a link to the promotion. */
export function PromotionLink({ tenant, promotion }: { tenant: string; promotion: PromotionSummary }): ReactNode {
  return (
    <span className="flex items-start gap-2">
      {promotion.digest !== '' && <DigestMark digest={promotion.digest} />}
      <Link href={`/t/${tenant}/promotions/${promotion.id}`} className="min-w-0 break-words">
        {promotionTitle(promotion)}
      </Link>
    </span>
  )
}
