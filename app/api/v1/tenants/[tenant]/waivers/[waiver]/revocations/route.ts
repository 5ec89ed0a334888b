import { created, door } from '#app/api/door'
import { revokeWaiver } from '#lib/promotions/commands/revoke-waiver'

export const POST = door('POST /api/v1/tenants/{tenant}/waivers/{waiver}/revocations', async (ctx, input) => created(await revokeWaiver(ctx, input)))
