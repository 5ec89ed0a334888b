import { door, ok } from '#app/api/door'
import { getChecklist } from '#lib/evidence/queries/get-checklist'

export const GET = door('GET /api/v1/tenants/{tenant}/checklists/{application}/{environment}/{release}', async (ctx, input) =>
  ok(await getChecklist(ctx, input)),
)
