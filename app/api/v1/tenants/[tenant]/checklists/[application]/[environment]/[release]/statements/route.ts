import { created, door } from '#app/api/door'
import { attachStatement } from '#lib/evidence/commands/attach-statement'

export const POST = door('POST /api/v1/tenants/{tenant}/checklists/{application}/{environment}/{release}/statements', async (ctx, input) =>
  created(await attachStatement(ctx, input)),
)
