import { door, ok } from '#app/api/door'
import { getBoard } from '#lib/promotions/queries/get-board'

export const GET = door('GET /api/v1/tenants/{tenant}/board', async (ctx, input) => ok(await getBoard(ctx, input)))
