import { door, ok } from '#app/api/door'
import { getLogStatus } from '#lib/audit/queries/get-log-status'

export const GET = door('GET /api/v1/tenants/{tenant}/audit/status', async (ctx) => ok(await getLogStatus(ctx)))
