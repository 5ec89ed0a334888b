import { door, ok } from '#app/api/door'
import { writePolicy } from '#lib/tenants/commands/write-policy'
import { getPolicyView } from '#lib/tenants/queries/get-policy-view'

export const GET = door('GET /api/v1/tenants/{tenant}/environments/{environment}/policy', async (ctx, input) => ok(await getPolicyView(ctx, input)))

export const PUT = door('PUT /api/v1/tenants/{tenant}/environments/{environment}/policy', async (ctx, input) => ok(await writePolicy(ctx, input)))
