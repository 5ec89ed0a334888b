import { created, door, ok } from '#app/api/door'
import { grantWaiver } from '#lib/promotions/commands/grant-waiver'
import { listWaivers } from '#lib/promotions/queries/list-waivers'

export const GET = door('GET /api/v1/tenants/{tenant}/waivers', async (ctx, input) => ok(await listWaivers(ctx, input)))
export const POST = door('POST /api/v1/tenants/{tenant}/waivers', async (ctx, input) => created(await grantWaiver(ctx, input)))
