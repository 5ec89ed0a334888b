import { created, door, ok } from '#app/api/door'
import { createFreeze } from '#lib/promotions/commands/create-freeze'
import { listFreezes } from '#lib/promotions/queries/list-freezes'

export const GET = door('GET /api/v1/tenants/{tenant}/freezes', async (ctx, input) => ok(await listFreezes(ctx, input)))
export const POST = door('POST /api/v1/tenants/{tenant}/freezes', async (ctx, input) => created(await createFreeze(ctx, input)))
