import { created, door } from '#app/api/door'
import { withdrawSkip } from '#lib/promotions/commands/skip-freeze'

export const POST = door('POST /api/v1/tenants/{tenant}/freezes/{freeze}/skips/withdrawals', async (ctx, input) =>
  created(await withdrawSkip(ctx, input)),
)
