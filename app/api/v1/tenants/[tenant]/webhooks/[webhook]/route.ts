import { door, noContent, ok } from '#app/api/door'
import { updateWebhook } from '#lib/notifications/commands/change-webhook'
import { removeWebhook } from '#lib/notifications/commands/manage-webhooks'

export const DELETE = door('DELETE /api/v1/tenants/{tenant}/webhooks/{webhook}', async (ctx, input) => {
  await removeWebhook(ctx, input)
  return noContent()
})

export const PATCH = door('PATCH /api/v1/tenants/{tenant}/webhooks/{webhook}', async (ctx, input) => ok(await updateWebhook(ctx, input)))
