import { door, ok } from '#app/api/door'
import { getRetierPreview } from '#lib/tenants/queries/get-retier-preview'

export const GET = door('GET /api/v1/platform/tenants/{slug}/retier-preview', async (ctx, input) => ok(await getRetierPreview(ctx, input)))
