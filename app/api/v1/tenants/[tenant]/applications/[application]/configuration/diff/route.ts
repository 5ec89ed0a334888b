import { door, ok } from '#app/api/door'
import { compareRevisions } from '#lib/configuration/queries/compare-revisions'

export const GET = door('GET /api/v1/tenants/{tenant}/applications/{application}/configuration/diff', async (ctx, input) =>
  ok(await compareRevisions(ctx, input)),
)
