import { door, ok } from '#app/api/door'
import { listMembers } from '#lib/access/queries/list-members'

export const GET = door('GET /api/v1/tenants/{tenant}/members', async (ctx) => ok(await listMembers(ctx)))
