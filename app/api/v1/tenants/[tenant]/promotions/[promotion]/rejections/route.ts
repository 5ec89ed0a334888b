import { created, door } from '#app/api/door'
import { rejectPromotion } from '#lib/promotions/commands/reject-promotion'

export const POST = door('POST /api/v1/tenants/{tenant}/promotions/{promotion}/rejections', async (ctx, input) =>
  created(await rejectPromotion(ctx, input)),
)
