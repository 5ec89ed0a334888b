import { created, door, ok } from '#app/api/door'
import { createKit } from '#lib/kits/commands/create-kit'
import { listKits } from '#lib/kits/queries/list-kits'

export const GET = door('GET /api/v1/tenants/{tenant}/kits', async (ctx, input) => ok(await listKits(ctx, input)))
export const POST = door('POST /api/v1/tenants/{tenant}/kits', async (ctx, input) => created(await createKit(ctx, input)))
