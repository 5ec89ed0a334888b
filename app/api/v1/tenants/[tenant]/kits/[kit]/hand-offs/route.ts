import { created, door } from '#app/api/door'
import { acceptHandOff } from '#lib/kits/commands/accept-hand-off'

export const POST = door('POST /api/v1/tenants/{tenant}/kits/{kit}/hand-offs', async (ctx, input) => created(await acceptHandOff(ctx, input)))
