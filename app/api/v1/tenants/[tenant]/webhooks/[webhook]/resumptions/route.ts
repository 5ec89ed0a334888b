import { created, door } from '#app/api/door'
import { resumeWebhook } from '#lib/notifications/commands/manage-webhooks'

export const POST = door('POST /api/v1/tenants/{tenant}/webhooks/{webhook}/resumptions', async (ctx, input) =>
  created(await resumeWebhook(ctx, input)),
)
