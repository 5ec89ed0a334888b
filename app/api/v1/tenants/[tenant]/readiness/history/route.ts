import { door, ok } from '#app/api/door'
import { getReadinessHistory } from '#lib/readiness/queries/get-history'

export const GET = door('GET /api/v1/tenants/{tenant}/readiness/history', async (ctx, input) => ok(await getReadinessHistory(ctx, input)))
