import { created, door } from '#app/api/door'
import { reproduceRelease } from '#lib/releases/commands/reproduce-release'

export const POST = door('POST /api/v1/tenants/{tenant}/applications/{application}/releases/{release}/reproductions', async (ctx, input) =>
  created(await reproduceRelease(ctx, input)),
)
