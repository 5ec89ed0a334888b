import { door } from '#app/api/door'
import { download } from '#app/api/download'
import { recordExport } from '#lib/audit/commands/record-export'
import { exportCsv } from '#lib/audit/queries/export-csv'
import { exportEntries } from '#lib/audit/queries/export-entries'

export const GET = door('GET /api/v1/tenants/{tenant}/audit/export', async (ctx, { format }) => {
  await recordExport(ctx, format)
  return download(ctx, format === 'csv' ? exportCsv(ctx) : exportEntries(ctx), `${ctx.tenant.slug}-audit.${format}`)
})
