import { door, ok } from '#app/api/door'
import { renameTenant } from '#lib/tenants/commands/rename-tenant'
import { getTenant } from '#lib/tenants/queries/get-tenant'

export const GET = door('GET /api/v1/tenants/{tenant}', async (ctx) => ok(await getTenant(ctx)))

export const PATCH = door('PATCH /api/v1/tenants/{tenant}', async (ctx, input) => ok(await renameTenant(ctx, input)))
