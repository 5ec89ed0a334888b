import { created, door, ok } from '#app/api/door'
import { requestPromotion } from '#lib/promotions/commands/request-promotion'
import { listPromotions } from '#lib/promotions/queries/list-promotions'

export const GET = door('GET /api/v1/tenants/{tenant}/promotions', async (ctx, input) => ok(await listPromotions(ctx, input)))
export const POST = door('POST /api/v1/tenants/{tenant}/promotions', async (ctx, input) => created(await requestPromotion(ctx, input)))
