import { door, ok } from '#app/api/door'
import { getDeployment } from '#lib/readiness/queries/get-readiness'

export const GET = door('GET /api/v1/tenants/{tenant}/environments/{environment}/applications/{application}/deployment', async (ctx, input) =>
  ok(await getDeployment(ctx, input)),
)
