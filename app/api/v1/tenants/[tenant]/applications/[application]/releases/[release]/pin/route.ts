import { door, ok } from '#app/api/door'
import { pinRelease, unpinRelease } from '#lib/promotions/commands/pin-release'

export const PUT = door('PUT /api/v1/tenants/{tenant}/applications/{application}/releases/{release}/pin', async (ctx, input) =>
  ok(await pinRelease(ctx, input)),
)

export const DELETE = door('DELETE /api/v1/tenants/{tenant}/applications/{application}/releases/{release}/pin', async (ctx, input) =>
  ok(await unpinRelease(ctx, input)),
)
