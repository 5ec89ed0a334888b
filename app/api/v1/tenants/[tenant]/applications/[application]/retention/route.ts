import { door, ok } from '#app/api/door'
import { setRetention } from '#lib/promotions/commands/set-retention'
import { getRetention } from '#lib/promotions/queries/get-retention'

export const GET = door('GET /api/v1/tenants/{tenant}/applications/{application}/retention', async (ctx, input) => ok(await getRetention(ctx, input)))

export const PUT = door('PUT /api/v1/tenants/{tenant}/applications/{application}/retention', async (ctx, input) => ok(await setRetention(ctx, input)))
