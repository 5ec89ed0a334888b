import { door, ok } from '#app/api/door'
import { getEnvironmentReadiness } from '#lib/readiness/queries/get-readiness'

export const GET = door('GET /api/v1/tenants/{tenant}/environments/{environment}/deployments', async (ctx, input) =>
  ok(await getEnvironmentReadiness(ctx, input)),
)
