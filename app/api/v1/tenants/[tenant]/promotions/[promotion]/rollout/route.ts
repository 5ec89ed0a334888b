import { door, ok } from '#app/api/door'
import { getRollout } from '#lib/rollouts/queries/get-rollout'

export const GET = door('GET /api/v1/tenants/{tenant}/promotions/{promotion}/rollout', async (ctx, input) => ok(await getRollout(ctx, input)))
