import { door, ok } from '#app/api/door'
import { auditSight } from '#lib/access/audit-sight'
import { getEntryProof } from '#lib/audit/queries/get-entry-proof'

export const GET = door('GET /api/v1/tenants/{tenant}/audit/entries/{id}/proof', async (ctx, input) =>
  ok(await getEntryProof(ctx, input, auditSight(ctx.actor))),
)
