import { created, door, ok } from '#app/api/door'
import { saveApplicationDefaults } from '#lib/configuration/commands/save-defaults'
import { listDefaults } from '#lib/configuration/queries/list-defaults'

export const GET = door('GET /api/v1/tenants/{tenant}/applications/{application}/config-defaults', async (ctx, input) =>
  ok({ items: await listDefaults(ctx, input) }),
)
export const POST = door('POST /api/v1/tenants/{tenant}/applications/{application}/config-defaults', async (ctx, input) =>
  created(await saveApplicationDefaults(ctx, input)),
)
