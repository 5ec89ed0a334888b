import { created, door, ok } from '#app/api/door'
import { saveEnvironmentDefaults } from '#lib/configuration/commands/save-defaults'
import { listDefaults } from '#lib/configuration/queries/list-defaults'

export const GET = door('GET /api/v1/tenants/{tenant}/environments/{environment}/config-defaults', async (ctx, input) =>
  ok({ items: await listDefaults(ctx, input) }),
)
export const POST = door('POST /api/v1/tenants/{tenant}/environments/{environment}/config-defaults', async (ctx, input) =>
  created(await saveEnvironmentDefaults(ctx, input)),
)
