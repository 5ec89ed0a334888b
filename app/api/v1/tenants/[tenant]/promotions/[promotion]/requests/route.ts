import { created, door } from '#app/api/door'
import { askAgain } from '#lib/promotions/commands/repeat-promotion'

export const POST = door('POST /api/v1/tenants/{tenant}/promotions/{promotion}/requests', async (ctx, input) => created(await askAgain(ctx, input)))
