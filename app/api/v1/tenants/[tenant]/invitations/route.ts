import { created, door, ok } from '#app/api/door'
import { createInvitation } from '#lib/access/commands/create-invitation'
import { listInvitations } from '#lib/access/queries/list-invitations'

export const GET = door('GET /api/v1/tenants/{tenant}/invitations', async (ctx) => ok(await listInvitations(ctx)))

export const POST = door('POST /api/v1/tenants/{tenant}/invitations', async (ctx, input) => created(await createInvitation(ctx, input)))
