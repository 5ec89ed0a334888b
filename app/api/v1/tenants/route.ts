import { created, door, ok } from '#app/api/door'
import { createTenant } from '#lib/tenants/commands/create-tenant'
import { listTenants } from '#lib/tenants/queries/list-tenants'

export const GET = door('GET /api/v1/tenants', async (ctx) => ok(await listTenants(ctx)))

export const POST = door('POST /api/v1/tenants', async (ctx, input) => created(await createTenant(ctx, input)))
