import { created, door, withSession } from '#app/api/door'
import { reauthenticate } from '#lib/access/commands/reauthenticate'

export const POST = door('POST /api/v1/sessions/current/authentications', async (ctx, input) => {
  const renewed = await reauthenticate(ctx, input)
  return withSession(created({ authenticatedAt: renewed.authenticatedAt.toISOString() }), renewed)
})
