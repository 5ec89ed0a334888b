import { door, ok } from '#app/api/door'
import { changePassword } from '#lib/access/commands/change-password'

export const PUT = door('PUT /api/v1/me/password', async (ctx, input) => ok(await changePassword(ctx, input)))
