import { door, ok } from '#app/api/door'
import { listSecrets } from '#lib/configuration/queries/list-secrets'

export const GET = door('GET /api/v1/tenants/{tenant}/applications/{application}/secrets', async (ctx, input) => ok(await listSecrets(ctx, input)))
