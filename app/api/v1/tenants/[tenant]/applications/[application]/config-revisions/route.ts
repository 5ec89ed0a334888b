import { created, door, ok } from '#app/api/door'
import { saveRevision } from '#lib/configuration/commands/save-revision'
import { listRevisions } from '#lib/configuration/queries/list-revisions'

export const GET = door('GET /api/v1/tenants/{tenant}/applications/{application}/config-revisions', async (ctx, input) =>
  ok({ items: await listRevisions(ctx, input) }),
)
export const POST = door('POST /api/v1/tenants/{tenant}/applications/{application}/config-revisions', async (ctx, input) =>
  created(await saveRevision(ctx, input)),
)
