import { door, noContent } from '#app/api/door'
import { removeWebhook } from '#lib/notifications/commands/manage-webhooks'

export const DELETE = door('DELETE /api/v1/tenants/{tenant}/webhooks/{webhook}', async (ctx, input) => {
  await removeWebhook(ctx, input)
  return noContent()
})
