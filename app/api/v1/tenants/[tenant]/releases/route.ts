import { door, ok } from '#app/api/door'
import { listReleases } from '#lib/releases/queries/list-releases'

export const GET = door('GET /api/v1/tenants/{tenant}/releases', async (ctx, input) => ok(await listReleases(ctx, input)))
