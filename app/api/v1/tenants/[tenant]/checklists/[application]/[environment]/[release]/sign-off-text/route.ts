import { door, ok } from '#app/api/door'
import { getSignOffText } from '#lib/evidence/queries/get-sign-off-text'

export const GET = door('GET /api/v1/tenants/{tenant}/checklists/{application}/{environment}/{release}/sign-off-text', async (ctx, input) =>
  ok(await getSignOffText(ctx, input)),
)
