import { created, door } from '#app/api/door'
import { reauthenticate } from '#lib/access/commands/reauthenticate'

export const POST = door('POST /api/v1/sessions/current/authentications', async (ctx, input) => created(await reauthenticate(ctx, input)))
