import { door, ok } from '#app/api/door'
import { getRevision } from '#lib/configuration/queries/list-revisions'

export const GET = door('GET /api/v1/tenants/{tenant}/applications/{application}/config-revisions/{number}', async (ctx, input) =>
  ok(await getRevision(ctx, input)),
)
