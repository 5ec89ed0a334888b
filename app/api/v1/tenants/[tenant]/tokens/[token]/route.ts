import { door, noContent } from '#app/api/door'
import { revokeToken } from '#lib/access/commands/revoke-token'

export const DELETE = door('DELETE /api/v1/tenants/{tenant}/tokens/{token}', async (ctx, input) => {
  await revokeToken(ctx, input)
  return noContent()
})
