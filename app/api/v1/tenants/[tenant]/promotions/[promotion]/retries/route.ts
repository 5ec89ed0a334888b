import { created, door } from '#app/api/door'
import { retryPromotion } from '#lib/promotions/commands/repeat-promotion'

export const POST = door('POST /api/v1/tenants/{tenant}/promotions/{promotion}/retries', async (ctx, input) =>
  created(await retryPromotion(ctx, input)),
)
