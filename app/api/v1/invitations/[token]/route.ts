import { door, ok } from '#app/api/door'
import { getInvitation } from '#lib/access/queries/get-invitation'

export const GET = door('GET /api/v1/invitations/{token}', async (ctx, input) => ok(await getInvitation(ctx, input)))
