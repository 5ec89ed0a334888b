import { created, door } from '#app/api/door'
import { rotateWebhook } from '#lib/notifications/commands/manage-webhooks'

export const POST = door('POST /api/v1/tenants/{tenant}/webhooks/{webhook}/rotations', async (ctx, input) => created(await rotateWebhook(ctx, input)))
