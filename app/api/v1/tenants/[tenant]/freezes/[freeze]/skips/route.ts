import { created, door } from '#app/api/door'
import { skipFreeze } from '#lib/promotions/commands/skip-freeze'

export const POST = door('POST /api/v1/tenants/{tenant}/freezes/{freeze}/skips', async (ctx, input) => created(await skipFreeze(ctx, input)))
