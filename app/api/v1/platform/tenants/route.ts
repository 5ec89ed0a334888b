import { door, ok } from '#app/api/door'
import { listAllTenants } from '#lib/tenants/queries/list-tenants'

export const GET = door('GET /api/v1/platform/tenants', async (ctx) => ok(await listAllTenants(ctx)))
