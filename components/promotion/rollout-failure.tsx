import type { ReactNode } from 'react'
import { Banner } from '#components/ui/banner'
import { RelativeTime } from '#components/ui/relative-time'
import type { PromotionView } from '#lib/promotions/promotion'
import type { RolloutView } from '#lib/rollouts/rollout'

/** Why a rollout failed or waits, in which phase, and what can be done about it. */
export function RolloutFailure({ rollout, promotion }: { rollout: RolloutView; promotion: PromotionView }): ReactNode {
  const { phase, failedPhase, reason, message, resumeAt, verification, clock } = rollout
  if (resumeAt && clock.settledAt === null) {
    return (
      <Banner
        tone="wait"
        title={
          <>
            It is tried again by itself <RelativeTime at={resumeAt} />.
          </>
        }
      >
        {message}
      </Banner>
    )
  }
  const isFailed = phase === 'failed' || verification === 'failed' || promotion.state === 'errored'
  if (!isFailed) return null
  const title = failedPhase
    ? `It failed while ${failedPhase}`
    : verification === 'failed'
      ? 'It was applied, and verification failed'
      : 'It could not go on'
  // That verification failed is in the title already.
  const why = reason === '' || reason === 'verification_failed' ? '' : `: ${reason.replaceAll('_', ' ')}`
  return (
    <Banner tone="bad" role="status" title={`${title}${why}.`}>
      {message !== '' && <p className="break-words">{message}</p>}
      <p>{remedy(promotion)}</p>
    </Banner>
  )
}

function remedy({ may, state }: PromotionView): string {
  const acts = [may.retry.allowed ? 'retry it when the cause is gone' : '', may.rollBack.allowed ? 'roll back to the last good release' : ''].filter(
    Boolean,
  )
  if (acts.length > 0) return `Read the log of the replica below, then ${acts.join(', or ')}.`
  if (state === 'rolling_out') return 'Read the log of the replica below.'
  return 'Read the log of the replica below, then ask an SRE or a release manager to retry it or to roll back.'
}
