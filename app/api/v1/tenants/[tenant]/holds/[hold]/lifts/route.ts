import { created, door } from '#app/api/door'
import { liftHold } from '#lib/promotions/commands/lift-hold'

export const POST = door('POST /api/v1/tenants/{tenant}/holds/{hold}/lifts', async (ctx, input) => created(await liftHold(ctx, input)))
