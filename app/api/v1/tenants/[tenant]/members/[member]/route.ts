import { door, noContent, ok } from '#app/api/door'
import { changeMember } from '#lib/access/commands/change-member'
import { removeMember } from '#lib/access/commands/remove-member'

export const PATCH = door('PATCH /api/v1/tenants/{tenant}/members/{member}', async (ctx, input) => ok(await changeMember(ctx, input)))

export const DELETE = door('DELETE /api/v1/tenants/{tenant}/members/{member}', async (ctx, input) => {
  await removeMember(ctx, input)
  return noContent()
})
