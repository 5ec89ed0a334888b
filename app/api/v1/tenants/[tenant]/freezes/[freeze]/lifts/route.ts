import { created, door } from '#app/api/door'
import { liftFreeze } from '#lib/promotions/commands/lift-freeze'

export const POST = door('POST /api/v1/tenants/{tenant}/freezes/{freeze}/lifts', async (ctx, input) => created(await liftFreeze(ctx, input)))
