'use client'
import Link from 'next/link'
import type { ReactNode } from 'react'
import type { SheetRequest } from '#components/sheet/use-request'
import { Banner } from '#components/ui/banner'
import { Checkbox } from '#components/ui/checkbox'
import { RelativeTime } from '#components/ui/relative-time'
import { stateWords } from '#lib/promotions/promotion-state'
import type { SheetView } from '#lib/promotions/sheet'

/** Names what waits or rolls in the same place; what waits is replaced only when that is confirmed. */
export function SupersedeNotice({ tenant, sheet, request }: { tenant: string; sheet: SheetView; request: SheetRequest }): ReactNode {
  const waiting = sheet.supersedes
  if (!waiting) return null
  const isRolling = waiting.state === 'rolling_out'
  const link = (
    <Link href={`/t/${tenant}/promotions/${waiting.promotionId}`} className="font-[550] text-accent hover:underline">
      Open it
    </Link>
  )
  return (
    <Banner
      tone={isRolling ? 'run' : 'wait'}
      title={isRolling ? `${waiting.release} is rolling out in ${sheet.environment.slug}` : `This would replace ${waiting.release}`}
      action={link}
    >
      <p>
        {waiting.release} to {sheet.environment.slug} was requested by {waiting.requestedBy.name} <RelativeTime at={waiting.requestedAt} />
        {waiting.state === 'requested' ? ' and waits.' : `, and is ${stateWords[waiting.state]}.`}
      </p>
      {!isRolling && (
        <div className="mt-1.5 text-ink">
          <Checkbox
            label={`Replace ${waiting.release}: its approvals count no more`}
            checked={request.isReplacing}
            onChange={(event) => request.setReplacing(event.target.checked)}
          />
        </div>
      )}
    </Banner>
  )
}
