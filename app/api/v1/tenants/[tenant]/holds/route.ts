import { created, door, ok } from '#app/api/door'
import { setHold } from '#lib/promotions/commands/set-hold'
import { listHolds } from '#lib/promotions/queries/list-holds'

export const GET = door('GET /api/v1/tenants/{tenant}/holds', async (ctx, input) => ok(await listHolds(ctx, input)))
export const POST = door('POST /api/v1/tenants/{tenant}/holds', async (ctx, input) => created(await setHold(ctx, input)))
