import { door, ok } from '#app/api/door'
import { getRepository } from '#lib/registry/queries/get-repository'

export const GET = door('GET /api/v1/tenants/{tenant}/repositories/{application}', async (ctx, input) => ok(await getRepository(ctx, input)))
