import { door, ok } from '#app/api/door'
import { getSheet } from '#lib/promotions/queries/get-sheet'

export const GET = door('GET /api/v1/tenants/{tenant}/promotion-previews', async (ctx, input) => ok(await getSheet(ctx, input)))
