import { door, ok } from '#app/api/door'
import { setSecret, unsetSecret } from '#lib/configuration/commands/set-secret'

export const PUT = door('PUT /api/v1/tenants/{tenant}/applications/{application}/secrets/{name}', async (ctx, input) =>
  ok(await setSecret(ctx, input)),
)
export const DELETE = door('DELETE /api/v1/tenants/{tenant}/applications/{application}/secrets/{name}', async (ctx, input) =>
  ok(await unsetSecret(ctx, input)),
)
