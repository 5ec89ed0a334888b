import { accepted, door } from '#app/api/door'
import { testWebhook } from '#lib/notifications/commands/manage-webhooks'

export const POST = door('POST /api/v1/tenants/{tenant}/webhooks/{webhook}/tests', async (ctx, input) => {
  await testWebhook(ctx, input)
  return accepted({})
})
