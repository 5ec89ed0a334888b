import { door, ok, withSession } from '#app/api/door'
import { changePassword } from '#lib/access/commands/change-password'

export const PUT = door('PUT /api/v1/me/password', async (ctx, input) => {
  const { sessionsEnded, renewed } = await changePassword(ctx, input)
  return withSession(ok({ sessionsEnded }), renewed)
})
