import { door, ok } from '#app/api/door'
import { getPromotion } from '#lib/promotions/queries/get-promotion'

export const GET = door('GET /api/v1/tenants/{tenant}/promotions/{promotion}', async (ctx, input) => ok(await getPromotion(ctx, input)))
