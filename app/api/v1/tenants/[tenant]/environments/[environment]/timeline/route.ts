import { door, ok } from '#app/api/door'
import { getTimeline } from '#lib/promotions/queries/get-timeline'

export const GET = door('GET /api/v1/tenants/{tenant}/environments/{environment}/timeline', async (ctx, input) => ok(await getTimeline(ctx, input)))
