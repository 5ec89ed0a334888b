import { created, door } from '#app/api/door'
import { joinTenant } from '#lib/access/commands/join-tenant'

export const POST = door('POST /api/v1/platform/tenants/{slug}/memberships', async (ctx, input) => created(await joinTenant(ctx, input)))
