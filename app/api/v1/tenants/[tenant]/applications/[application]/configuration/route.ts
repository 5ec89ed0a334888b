import { door, ok } from '#app/api/door'
import { getConfiguration } from '#lib/configuration/queries/get-configuration'

export const GET = door('GET /api/v1/tenants/{tenant}/applications/{application}/configuration', async (ctx, input) =>
  ok(await getConfiguration(ctx, input)),
)
