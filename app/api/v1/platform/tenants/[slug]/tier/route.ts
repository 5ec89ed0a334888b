import { door, ok } from '#app/api/door'
import { retierTenant } from '#lib/tenants/commands/retier-tenant'

export const PUT = door('PUT /api/v1/platform/tenants/{slug}/tier', async (ctx, input) => ok(await retierTenant(ctx, input)))
