import { created, door } from '#app/api/door'
import { signChecklist } from '#lib/evidence/commands/sign-checklist'

export const POST = door('POST /api/v1/tenants/{tenant}/checklists/{application}/{environment}/{release}/sign-offs', async (ctx, input) =>
  created(await signChecklist(ctx, input)),
)
