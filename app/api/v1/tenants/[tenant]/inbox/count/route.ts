import { door, ok } from '#app/api/door'
import { countInbox } from '#lib/promotions/queries/get-inbox'

export const GET = door('GET /api/v1/tenants/{tenant}/inbox/count', async (ctx) => ok(await countInbox(ctx)))
