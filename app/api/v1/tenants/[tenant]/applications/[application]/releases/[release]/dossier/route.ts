import { door, ok } from '#app/api/door'
import { getDossier } from '#lib/kits/queries/get-dossier'

export const GET = door('GET /api/v1/tenants/{tenant}/applications/{application}/releases/{release}/dossier', async (ctx, input) =>
  ok(await getDossier(ctx, input)),
)
