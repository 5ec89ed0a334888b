import { door, noContent } from '#app/api/door'
import { revokeInvitation } from '#lib/access/commands/revoke-invitation'

export const DELETE = door('DELETE /api/v1/tenants/{tenant}/invitations/{invitation}', async (ctx, input) => {
  await revokeInvitation(ctx, input)
  return noContent()
})
