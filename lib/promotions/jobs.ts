import type { TenantContext } from '#lib/platform/context'
import { advancePromotion } from '#lib/promotions/commands/advance-promotion'
import { expireApprovals } from '#lib/promotions/commands/expire-approvals'
import { rollBackFailed } from '#lib/promotions/commands/roll-back-failed'

export interface PromotionJob {
  tenantId: string
  promotionId: string
}

/** What the worker runs for this room: each is one call to a command, and may run again. The context is the tenant's, as the system. */
export const promotionJobs = {
  'advance-promotion': (ctx: TenantContext, payload: PromotionJob) => advancePromotion(ctx, payload),
  'expire-approvals': (ctx: TenantContext, payload: PromotionJob) => expireApprovals(ctx, payload),
  'roll-back-failed': (ctx: TenantContext, payload: PromotionJob) => rollBackFailed(ctx, payload),
} as const
