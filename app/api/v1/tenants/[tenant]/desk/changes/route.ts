import { door } from '#app/api/door'
import { download } from '#app/api/download'
import { exportChanges } from '#lib/kits/commands/export-changes'

export const GET = door('GET /api/v1/tenants/{tenant}/desk/changes', async (ctx, input) =>
  download(ctx, await exportChanges(ctx, input), `${ctx.tenant.slug}-changes.${input.format}`),
)
