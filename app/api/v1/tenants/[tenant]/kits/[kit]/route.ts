import { door, ok } from '#app/api/door'
import { getKit } from '#lib/kits/queries/get-kit'

export const GET = door('GET /api/v1/tenants/{tenant}/kits/{kit}', async (ctx, input) => ok(await getKit(ctx, input)))
