import Link from 'next/link'
import type { ReactNode } from 'react'
import { isSettled, isWaiting } from '#components/promotion/promotion-words'
import { Banner } from '#components/ui/banner'
import type { PromotionView } from '#lib/promotions/promotion'
import { stateWords } from '#lib/promotions/promotion-state'

/** What somebody who opens the page must know first: the plan moved, or how it ended. */
export function PromotionBanners({ tenant, promotion }: { tenant: string; promotion: PromotionView }): ReactNode {
  const { state, moved, outcome, supersededBy, rollout } = promotion
  const exempt = promotion.plan.freezeExemptions.length > 0 ? promotion.gates.find(({ gate }) => gate === 'freeze') : undefined
  // A rollout that failed says itself where, why and what to do.
  const isToldByRollout = rollout !== null && (state === 'failed' || state === 'errored')
  return (
    <div className="grid gap-3 empty:hidden">
      {isWaiting(state) && <MovedBanner moved={moved} />}
      {promotion.automaticFor && (
        <Banner
          tone="wait"
          title="Nobody asked for this rollback: the policy of the environment did."
          action={
            <Link href={`/t/${tenant}/promotions/${promotion.automaticFor}`} className="text-accent hover:underline">
              Open what failed
            </Link>
          }
        />
      )}
      {exempt && (
        <Banner tone="wait" title="This rollback passed a freeze, by rule.">
          {exempt.reason}
        </Banner>
      )}
      {isSettled(state) && state !== 'completed' && !isToldByRollout && (
        <Banner
          tone={state === 'failed' || state === 'errored' || state === 'rejected' ? 'bad' : 'off'}
          title={outcome === '' ? `It is ${stateWords[state]}.` : outcome}
        >
          {supersededBy && (
            <Link href={`/t/${tenant}/promotions/${supersededBy}`} className="text-accent hover:underline">
              Open the one that replaced it
            </Link>
          )}
        </Banner>
      )}
      {state === 'rolling_out' && rollout?.cancelledAt && (
        <Banner tone="wait" title="It is being cancelled.">
          It stops after the running step and says which replicas are where.
        </Banner>
      )}
    </div>
  )
}

/** Every difference between the plan that was last stored, or shown, and the plan as it stands. */
export function MovedBanner({ moved, action }: { moved: readonly string[]; action?: ReactNode }): ReactNode {
  if (moved.length === 0) return null
  return (
    <Banner tone="wait" title="The plan moved since it was asked for. Approvals of the earlier plan do not count." action={action}>
      <ul className="list-disc pl-4">
        {moved.map((sentence) => (
          <li key={sentence} className="break-words">
            {sentence}
          </li>
        ))}
      </ul>
    </Banner>
  )
}
