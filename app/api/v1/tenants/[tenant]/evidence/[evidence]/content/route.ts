import { Readable } from 'node:stream'
import { door } from '#app/api/door'
import { getEvidenceContent } from '#lib/evidence/queries/get-evidence'

/** Always a download: what people attach is never shown as a page of ours. */
export const GET = door('GET /api/v1/tenants/{tenant}/evidence/{evidence}/content', async (ctx, input) => {
  const { body, mediaType, fileName, sizeBytes, digest } = await getEvidenceContent(ctx, input)
  const bytes = typeof body === 'string' ? body : (Readable.toWeb(body) as ReadableStream)
  const headers = {
    'content-type': mediaType,
    'content-length': String(sizeBytes),
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'x-content-digest': digest,
    'cache-control': 'no-store',
    'x-request-id': ctx.requestId,
  }
  return new Response(bytes, { headers })
})
