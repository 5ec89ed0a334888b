import { door, ok } from '#app/api/door'
import { compareKits } from '#lib/kits/queries/compare-kits'

export const GET = door('GET /api/v1/tenants/{tenant}/kits/{kit}/diff', async (ctx, input) => ok(await compareKits(ctx, input)))
