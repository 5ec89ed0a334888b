import { door, ok } from '#app/api/door'
import { pruneReleases } from '#lib/promotions/commands/prune-releases'

export const POST = door('POST /api/v1/tenants/{tenant}/applications/{application}/retention/prunings', async (ctx, input) =>
  ok(await pruneReleases(ctx, input)),
)
