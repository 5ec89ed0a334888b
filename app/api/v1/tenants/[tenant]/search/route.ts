import { door, ok } from '#app/api/door'
import { search } from '#lib/releases/queries/search'

export const GET = door('GET /api/v1/tenants/{tenant}/search', async (ctx, input) => ok(await search(ctx, input)))
