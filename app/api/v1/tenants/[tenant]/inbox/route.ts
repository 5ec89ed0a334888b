import { door, ok } from '#app/api/door'
import { getInbox } from '#lib/promotions/queries/get-inbox'

export const GET = door('GET /api/v1/tenants/{tenant}/inbox', async (ctx) => ok(await getInbox(ctx)))
