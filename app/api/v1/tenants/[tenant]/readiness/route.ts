import { door, ok } from '#app/api/door'
import { getReadiness } from '#lib/readiness/queries/get-readiness'

export const GET = door('GET /api/v1/tenants/{tenant}/readiness', async (ctx, input) => ok(await getReadiness(ctx, input)))
