import { door, ok } from '#app/api/door'
import { getProperties } from '#lib/configuration/queries/get-configuration'

export const GET = door('GET /api/v1/tenants/{tenant}/applications/{application}/configuration/properties', async (ctx, input) =>
  ok(await getProperties(ctx, input)),
)
