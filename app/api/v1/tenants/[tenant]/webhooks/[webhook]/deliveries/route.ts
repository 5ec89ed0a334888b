import { door, ok } from '#app/api/door'
import { listDeliveries } from '#lib/notifications/queries/list-webhooks'

export const GET = door('GET /api/v1/tenants/{tenant}/webhooks/{webhook}/deliveries', async (ctx, input) => ok(await listDeliveries(ctx, input)))
