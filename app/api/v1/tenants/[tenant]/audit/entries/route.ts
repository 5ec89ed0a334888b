import { door, ok } from '#app/api/door'
import { auditSight } from '#lib/access/audit-sight'
import { listEntries } from '#lib/audit/queries/list-entries'

export const GET = door('GET /api/v1/tenants/{tenant}/audit/entries', async (ctx, input) => ok(await listEntries(ctx, input, auditSight(ctx.actor))))
