import { door, ok } from '#app/api/door'
import { getWhatRan } from '#lib/promotions/queries/get-what-ran'

export const GET = door('GET /api/v1/tenants/{tenant}/environments/{environment}/what-ran', async (ctx, input) => ok(await getWhatRan(ctx, input)))
