import type { TenantContext } from '#lib/platform/context'
import { lostRace, openPromotion } from '#lib/promotions/internal/open-promotion'
import { requestPromotionInput, type PromotionView, type RequestPromotionInput } from '#lib/promotions/promotion'
import { presentPromotion } from '#lib/promotions/queries/get-promotion'

/**
 * Asks for a change of what an environment runs. Where no gate blocks it rolls out at once; where something is awaited it waits;
 * where a gate failed it is refused (`gates_blocked`, `frozen`) and leaves nothing. At most one unsettled promotion for each
 * (application, environment): `conflict` names the one that stands in the way, and `supersede` replaces a waiting one by name.
 */
export async function requestPromotion(ctx: TenantContext, input: RequestPromotionInput): Promise<PromotionView> {
  const request = requestPromotionInput.parse(input)
  try {
    return await ctx.write(async (tx) => presentPromotion(tx, ctx, await openPromotion(tx, ctx, request)))
  } catch (error) {
    return lostRace(ctx, error, request)
  }
}
