import type { TenantContext } from '#lib/platform/context'
import { advance } from '#lib/promotions/internal/advance'
import { lockPromotion } from '#lib/promotions/internal/lock-promotion'
import { mayPromotion } from '#lib/promotions/promotion-state'

/** Looks at a waiting promotion again, by everything as it is now. Nothing happens to one that does not wait any more. */
export async function advancePromotion(ctx: TenantContext, input: { promotionId: string }): Promise<void> {
  // Nothing new starts in a suspended tenant; what waits is looked at again when somebody acts on it, or it expires.
  if (ctx.tenant.isSuspended) return
  await ctx.write(async (tx) => {
    const row = await lockPromotion(tx, input.promotionId)
    if (mayPromotion('claim', row).allowed) await advance(tx, ctx, row)
  })
}
