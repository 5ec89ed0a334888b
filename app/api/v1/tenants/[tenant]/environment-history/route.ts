import { door, ok } from '#app/api/door'
import { listHistory } from '#lib/promotions/queries/list-history'

export const GET = door('GET /api/v1/tenants/{tenant}/environment-history', async (ctx, input) => ok(await listHistory(ctx, input)))
