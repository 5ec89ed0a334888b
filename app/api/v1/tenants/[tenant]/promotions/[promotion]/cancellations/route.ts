import { created, door } from '#app/api/door'
import { cancelPromotion } from '#lib/promotions/commands/cancel-promotion'

export const POST = door('POST /api/v1/tenants/{tenant}/promotions/{promotion}/cancellations', async (ctx, input) =>
  created(await cancelPromotion(ctx, input)),
)
