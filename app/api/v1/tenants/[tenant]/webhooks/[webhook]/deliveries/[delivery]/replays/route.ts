import { accepted, door } from '#app/api/door'
import { replayDelivery } from '#lib/notifications/commands/manage-webhooks'

export const POST = door('POST /api/v1/tenants/{tenant}/webhooks/{webhook}/deliveries/{delivery}/replays', async (ctx, input) => {
  await replayDelivery(ctx, input)
  return accepted({})
})
