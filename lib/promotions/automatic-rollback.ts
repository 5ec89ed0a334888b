// When a promotion that failed is followed by a rollback without anybody asking.
import type { PromotionKind } from '#lib/promotions/promotion-kind'

/**
 * Only what brought a release or a configuration in: a rollback is never rolled back, and operating what runs has nothing to go back to.
 * After a configuration it is the same release that comes back, with the revision before.
 */
export function mayFollow(kind: PromotionKind): boolean {
  return kind === 'promote' || kind === 'deploy' || kind === 'config'
}

interface Failed {
  id: string
  kind: PromotionKind
  state: string
  /** Somebody stopped it on purpose. */
  isCancelled: boolean
  /** The release that ran before it began to apply; null where nothing did. */
  replacedReleaseId: string | null
}

/** Why no rollback follows; '' when one does. `promisedBy` is the promotion that the environment stands on now. */
export function whyNotFollowed(failed: Failed, promisedBy: string | undefined, hasUnsettled: boolean): string {
  if (failed.state !== 'failed' || !mayFollow(failed.kind)) return 'Only a failed promotion of a release or a configuration is rolled back by itself.'
  if (failed.isCancelled) return 'It was cancelled by a person.'
  if (promisedBy !== failed.id) return 'What ran before it runs on.'
  if (failed.replacedReleaseId === null) return 'Nothing ran before it.'
  return hasUnsettled ? 'Another promotion is on its way.' : ''
}
