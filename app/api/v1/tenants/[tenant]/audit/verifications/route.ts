import { created, door } from '#app/api/door'
import { requestVerification } from '#lib/audit/commands/request-verification'

export const POST = door('POST /api/v1/tenants/{tenant}/audit/verifications', async (ctx) => created(await requestVerification(ctx)))
