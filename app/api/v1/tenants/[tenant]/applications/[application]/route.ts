import { door, ok } from '#app/api/door'
import { getApplication } from '#lib/tenants/queries/list-applications'

export const GET = door('GET /api/v1/tenants/{tenant}/applications/{application}', async (ctx, input) => ok(await getApplication(ctx, input)))
