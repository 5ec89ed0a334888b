import { clientOf } from '#app/api/client'
import { created, door, ok } from '#app/api/door'
import { signIn } from '#lib/access/commands/sign-in'
import { listSessions } from '#lib/access/queries/list-sessions'

export const GET = door('GET /api/v1/sessions', async (ctx) => ok(await listSessions(ctx)))

export const POST = door('POST /api/v1/sessions', async (ctx, input, request) => {
  const { token, email, name, expiresAt } = await signIn({ ...input, ...clientOf(request.headers), kind: 'command_line' }, ctx.requestId)
  return created({ token, email, name, expiresAt })
})
