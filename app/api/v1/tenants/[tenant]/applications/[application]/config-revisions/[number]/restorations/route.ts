import { created, door } from '#app/api/door'
import { restoreRevision } from '#lib/configuration/commands/save-revision'

export const POST = door('POST /api/v1/tenants/{tenant}/applications/{application}/config-revisions/{number}/restorations', async (ctx, input) =>
  created(await restoreRevision(ctx, input)),
)
