import { Readable } from 'node:stream'
import { door } from '#app/api/door'
import { getKitArchive } from '#lib/kits/queries/get-kit-archive'

export const GET = door('GET /api/v1/tenants/{tenant}/kits/{kit}/archive', async (ctx, input) => {
  const { fileName, body } = await getKitArchive(ctx, input)
  const headers = {
    'content-type': 'application/gzip',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'x-request-id': ctx.requestId,
  }
  return new Response(Readable.toWeb(body) as ReadableStream, { headers })
})
