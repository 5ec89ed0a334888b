import { door, ok } from '#app/api/door'
import { listChecklists } from '#lib/evidence/queries/list-checklists'

export const GET = door('GET /api/v1/tenants/{tenant}/checklists', async (ctx, input) => ok(await listChecklists(ctx, input)))
