import { door, ok } from '#app/api/door'
import { getRelease } from '#lib/releases/queries/get-release'

export const GET = door('GET /api/v1/tenants/{tenant}/applications/{application}/releases/{release}', async (ctx, input) =>
  ok(await getRelease(ctx, input)),
)
