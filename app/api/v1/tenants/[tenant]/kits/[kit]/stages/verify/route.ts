import { created, door } from '#app/api/door'
import { takeStage } from '#lib/kits/commands/take-stage'

export const POST = door('POST /api/v1/tenants/{tenant}/kits/{kit}/stages/verify', async (ctx, input) =>
  created(await takeStage(ctx, { ...input, stage: 'verify' })),
)
