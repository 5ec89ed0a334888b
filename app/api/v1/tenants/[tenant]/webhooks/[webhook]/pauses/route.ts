import { created, door } from '#app/api/door'
import { pauseWebhook } from '#lib/notifications/commands/change-webhook'

export const POST = door('POST /api/v1/tenants/{tenant}/webhooks/{webhook}/pauses', async (ctx, input) => created(await pauseWebhook(ctx, input)))
