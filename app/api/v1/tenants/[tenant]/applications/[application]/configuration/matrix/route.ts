import { door, ok } from '#app/api/door'
import { getMatrix } from '#lib/configuration/queries/compare-revisions'

export const GET = door('GET /api/v1/tenants/{tenant}/applications/{application}/configuration/matrix', async (ctx, input) =>
  ok(await getMatrix(ctx, input)),
)
