import { door, ok } from '#app/api/door'
import { listRepositories } from '#lib/registry/queries/list-repositories'

export const GET = door('GET /api/v1/tenants/{tenant}/repositories', async (ctx) => ok(await listRepositories(ctx)))
