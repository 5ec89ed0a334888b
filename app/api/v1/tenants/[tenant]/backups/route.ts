import { door, ok } from '#app/api/door'
import { listTenantBackups } from '#lib/operations/queries/list-tenant-backups'

export const GET = door('GET /api/v1/tenants/{tenant}/backups', async (ctx) => ok(await listTenantBackups(ctx)))
