// Blobs: looked at, pulled, deleted (distribution-spec, "Pulling blobs", "Deleting Blobs").
import type { Readable } from 'node:stream'
import { isDigest } from '#lib/oci/digest'
import { drained } from '#lib/platform/drained'
import { isRefusal } from '#lib/platform/refusal'
import { parseRange, type ByteRange } from '#lib/registry/byte-range'
import { deleteBlob } from '#lib/registry/commands/delete-blob'
import { answer, answerError, enterRepository, methodUnknown, type Exchange } from '#lib/registry/internal/exchange'
import { readScoped } from '#lib/registry/internal/scoped-query'
import { errorBody, registryRefusal, unknownName } from '#lib/registry/registry-error'
import type { RepositoryName } from '#lib/registry/repository-name'

export async function handleBlob(exchange: Exchange, repository: string, digest: string): Promise<void> {
  const { method, service } = exchange
  const { ctx, name } = enterRepository(exchange, repository, method === 'DELETE' ? 'delete' : 'pull')
  if (!isDigest(digest)) throw registryRefusal('DIGEST_INVALID', 'invalid_input', `${digest.slice(0, 200)} is not a sha256 or sha512 digest.`)
  if (method === 'DELETE') {
    await deleteBlob(ctx, { name, digest })
    return answer(exchange, 202)
  }
  if (method !== 'GET' && method !== 'HEAD') throw methodUnknown(exchange)
  await demandVisible(ctx.tenant.id, name, digest)
  // A row whose bytes are gone is answered as gone: the client pushes the blob again, and it is whole.
  const sizeBytes = await service.store.size(digest)
  if (sizeBytes === undefined) throw unknownBlob(name, digest)
  const headers = {
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
    'accept-ranges': 'bytes',
    etag: `"${digest}"`,
    'cache-control': 'private, max-age=31536000, immutable',
  }
  if (method === 'HEAD') return answer(exchange, 200, { ...headers, 'content-length': sizeBytes })
  if (exchange.request.headers['if-none-match'] === headers.etag) return answer(exchange, 304, headers)
  const range = parseRange(exchange.request.headers.range, sizeBytes)
  if (range === 'unsatisfiable') {
    return answerError(exchange, 416, errorBody('RANGE_INVALID', `The blob has ${sizeBytes} bytes.`), { 'content-range': `bytes */${sizeBytes}` })
  }
  await sendBytes(exchange, await service.store.read(digest, range), headers, sizeBytes, range)
}

async function demandVisible(tenantId: string, name: RepositoryName, digest: string): Promise<void> {
  const [row] = await readScoped<{ is_linked: boolean }>(
    tenantId,
  )`select exists (select 1 from repository_blob b where b.repository_id = r.id and b.digest = ${digest}) as is_linked
    from repository r where r.tenant_id = ${tenantId} and r.name = ${name.local}`
  if (!row) throw unknownName(name.full)
  if (!row.is_linked) throw unknownBlob(name, digest)
}

/**
 * Streams with the headers held back until the first chunk is known to be good. When the store finds damage later the line
 * is cut before the last chunk, so that the client has fewer bytes than it was promised.
 */
async function sendBytes(
  { response }: Exchange,
  body: Readable,
  headers: Record<string, string>,
  sizeBytes: number,
  range: ByteRange | undefined,
): Promise<void> {
  const length = range ? range.end - range.start + 1 : sizeBytes
  const start = () =>
    response.headersSent ||
    response.writeHead(range ? 206 : 200, {
      ...headers,
      'content-length': length,
      ...(range ? { 'content-range': `bytes ${range.start}-${range.end}/${sizeBytes}` } : {}),
    })
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      start()
      if (!response.write(chunk)) await drained(response)
      if (response.destroyed) return
    }
    start()
    response.end()
  } catch (error) {
    if (!response.headersSent) throw error
    response.destroy()
    if (!isRefusal(error)) throw error
  } finally {
    body.destroy()
  }
}

function unknownBlob(name: RepositoryName, digest: string) {
  return registryRefusal('BLOB_UNKNOWN', 'not_found', `${name.full} has no blob ${digest}.`)
}
