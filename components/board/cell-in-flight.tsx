import Link from 'next/link'
import type { ReactNode } from 'react'
import { PromotionState } from '#components/board/promotion-words'
import { kindWords } from '#components/promotion/promotion-words'
import { DigestMark } from '#components/ui/digest-mark'
import { Progress } from '#components/ui/progress'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { Status } from '#components/ui/status'
import type { BoardCell } from '#lib/promotions/board'
import type { PromotionSummary } from '#lib/promotions/promotion'

/** What is on its way in: what it is, who asked, and how far it is. */
export function CellInFlight({ tenant, promotion, cell }: { tenant: string; promotion: PromotionSummary; cell: BoardCell }): ReactNode {
  const { kind, release, digest, requestedBy, requestedAt, state } = promotion
  const steps = cell.inFlight
  return (
    <Section title="In flight" aside={<PromotionState state={state} />}>
      <div className="grid gap-2 rounded-2 border px-3 py-2.5">
        <p className="flex flex-wrap items-center gap-2">
          <DigestMark digest={digest} />
          <Link href={`/t/${tenant}/promotions/${promotion.id}`} className="font-[550] text-accent hover:underline">
            {kindWords[kind]} <span className="font-mono">{release}</span>
          </Link>
          {cell.isBlocked && <Status tone="bad">blocked</Status>}
        </p>
        <p className="text-ink-3">
          requested by {requestedBy.name} <RelativeTime at={requestedAt} />
        </p>
        {state === 'rolling_out' && steps && (
          <Progress
            label="Steps of the rollout"
            value={steps.total > 0 ? steps.done : undefined}
            max={steps.total}
            words={steps.total > 0 ? `${steps.done} of ${steps.total}` : undefined}
          />
        )}
      </div>
    </Section>
  )
}
