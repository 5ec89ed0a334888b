import { door, ok } from '#app/api/door'
import { listRecoveries } from '#lib/promotions/queries/list-recoveries'

export const GET = door('GET /api/v1/tenants/{tenant}/recoveries', async (ctx, input) => ok(await listRecoveries(ctx, input)))
