import { door, ok } from '#app/api/door'
import { getCell } from '#lib/promotions/queries/get-cell'

export const GET = door('GET /api/v1/tenants/{tenant}/board/{application}/{environment}', async (ctx, input) => ok(await getCell(ctx, input)))
