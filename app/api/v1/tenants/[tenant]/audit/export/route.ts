import { Readable } from 'node:stream'
import { door } from '#app/api/door'
import { recordExport } from '#lib/audit/commands/record-export'
import { exportEntries } from '#lib/audit/queries/export-entries'

export const GET = door('GET /api/v1/tenants/{tenant}/audit/export', async (ctx) => {
  await recordExport(ctx)
  const body = Readable.toWeb(Readable.from(exportEntries(ctx), { objectMode: false })) as ReadableStream
  const headers = {
    'content-type': 'application/jsonl; charset=utf-8',
    'content-disposition': `attachment; filename="${ctx.tenant.slug}-audit.jsonl"`,
    'cache-control': 'no-store',
    'x-request-id': ctx.requestId,
  }
  return new Response(body, { headers })
})
