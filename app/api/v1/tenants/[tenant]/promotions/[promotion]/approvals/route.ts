import { created, door } from '#app/api/door'
import { approvePromotion } from '#lib/promotions/commands/approve-promotion'

export const POST = door('POST /api/v1/tenants/{tenant}/promotions/{promotion}/approvals', async (ctx, input) =>
  created(await approvePromotion(ctx, input)),
)
