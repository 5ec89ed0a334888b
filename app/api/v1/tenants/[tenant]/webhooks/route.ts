import { created, door, ok } from '#app/api/door'
import { createWebhook } from '#lib/notifications/commands/manage-webhooks'
import { listWebhooks } from '#lib/notifications/queries/list-webhooks'

export const GET = door('GET /api/v1/tenants/{tenant}/webhooks', async (ctx) => ok(await listWebhooks(ctx)))

export const POST = door('POST /api/v1/tenants/{tenant}/webhooks', async (ctx, input) => created(await createWebhook(ctx, input)))
