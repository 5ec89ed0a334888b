import { door, noContent } from '#app/api/door'
import { revokeSession } from '#lib/access/commands/revoke-session'

export const DELETE = door('DELETE /api/v1/sessions/{session}', async (ctx, input) => {
  await revokeSession(ctx, input)
  return noContent()
})
