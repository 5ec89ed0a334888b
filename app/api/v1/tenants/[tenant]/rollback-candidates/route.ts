import { door, ok } from '#app/api/door'
import { getRollbackCandidates } from '#lib/promotions/queries/get-rollback-candidates'

export const GET = door('GET /api/v1/tenants/{tenant}/rollback-candidates', async (ctx, input) => ok(await getRollbackCandidates(ctx, input)))
