import { created, door, ok } from '#app/api/door'
import { createToken } from '#lib/access/commands/create-token'
import { listTokens } from '#lib/access/queries/list-tokens'

export const GET = door('GET /api/v1/tenants/{tenant}/tokens', async (ctx) => ok(await listTokens(ctx)))

export const POST = door('POST /api/v1/tenants/{tenant}/tokens', async (ctx, input) => created(await createToken(ctx, input)))
