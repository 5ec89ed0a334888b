import { created, door } from '#app/api/door'
import { acceptInvitation } from '#lib/access/commands/accept-invitation'

export const POST = door('POST /api/v1/invitations/{token}/acceptances', async (ctx, input) => created(await acceptInvitation(ctx, input)))
