import { door, ok } from '#app/api/door'
import { getDesk } from '#lib/kits/queries/get-desk'

export const GET = door('GET /api/v1/tenants/{tenant}/desk', async (ctx, input) => ok(await getDesk(ctx, input)))
