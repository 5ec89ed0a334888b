// Pushing blobs (distribution-spec, "Pushing blobs"): in one request, in two, in chunks, or by mounting.
import { isDigest } from '#lib/oci/digest'
import type { TenantContext } from '#lib/platform/context'
import { parseChunkRange, type ByteRange } from '#lib/registry/byte-range'
import { appendChunk, cancelUpload, finishUpload, startUpload, uploadOffset, type UploadRef } from '#lib/registry/commands/blob-upload'
import { linkBlob, mayPushTo, mountBlob } from '#lib/registry/commands/link-blob'
import {
  answer,
  answerError,
  boundedBody,
  declaredLength,
  enterRepository,
  hasBody,
  methodUnknown,
  type Exchange,
} from '#lib/registry/internal/exchange'
import { errorBody, registryRefusal } from '#lib/registry/registry-error'
import { parseRepositoryName, type RepositoryName } from '#lib/registry/repository-name'

export async function handleUploads(exchange: Exchange, repository: string): Promise<void> {
  const { ctx, name } = enterRepository(exchange, repository, 'push')
  if (exchange.method !== 'POST') throw methodUnknown(exchange)
  const { query, service } = exchange
  const mount = query.get('mount')
  if (mount !== null && isDigest(mount) && (await tryMount(ctx, name, query.get('from'), mount))) return answerCreated(exchange, name, mount)
  const digest = query.get('digest')
  if (digest === null) return answerStanding(exchange, 202, { name, id: await startUpload(ctx, name) }, 0)
  demandDigest(digest)
  await mayPushTo(ctx, name)
  const written = await service.store.write(boundedBody(exchange.request, service.maxBlobBytes), digest)
  await linkBlob(ctx, { name, ...written })
  answerCreated(exchange, name, digest)
}

export async function handleUpload(exchange: Exchange, repository: string, id: string): Promise<void> {
  const { ctx, name } = enterRepository(exchange, repository, 'push')
  const upload = { name, id }
  switch (exchange.method) {
    case 'GET':
      return answerStanding(exchange, 204, upload, await uploadOffset(ctx, upload))
    case 'PATCH':
      return patch(exchange, ctx, upload)
    case 'PUT':
      return put(exchange, ctx, upload)
    case 'DELETE':
      await cancelUpload(ctx, upload, exchange.service.uploads)
      return answer(exchange, 204)
    default:
      throw methodUnknown(exchange)
  }
}

/** Only within the tenant; anything else falls back to an upload, and tells nothing about what others have. */
async function tryMount(ctx: TenantContext, name: RepositoryName, from: string | null, digest: string): Promise<boolean> {
  const source = from === null ? undefined : parseRepositoryName(from)
  if (from !== null && source?.tenant !== ctx.tenant.slug) return false
  return mountBlob(ctx, { name, from: source, digest })
}

async function patch(exchange: Exchange, ctx: TenantContext, upload: UploadRef): Promise<void> {
  const { request, service } = exchange
  const range = chunkRange(exchange)
  const standing = await uploadOffset(ctx, upload)
  const body = boundedBody(request, service.maxBlobBytes - standing)
  const chunk = { ...upload, start: range?.start, sizeBytes: range && range.end - range.start + 1 }
  const { offset, isOutOfOrder } = await appendChunk(ctx, chunk, body, service.uploads)
  if (isOutOfOrder) return answerOutOfOrder(exchange, upload, offset)
  answerStanding(exchange, 202, upload, offset)
}

async function put(exchange: Exchange, ctx: TenantContext, upload: UploadRef): Promise<void> {
  const { request, service, query } = exchange
  const digest = query.get('digest') ?? ''
  demandDigest(digest)
  const range = chunkRange(exchange)
  const standing = await uploadOffset(ctx, upload)
  if (range && range.start !== standing && hasBody(request)) return answerOutOfOrder(exchange, upload, standing)
  const last = hasBody(request) ? boundedBody(request, service.maxBlobBytes - standing) : undefined
  await finishUpload(ctx, { ...upload, digest }, last, service.uploads, service.store)
  answerCreated(exchange, upload.name, digest)
}

function chunkRange({ request }: Exchange): ByteRange | undefined {
  const range = parseChunkRange(request.headers['content-range'])
  if (range === 'invalid') throw registryRefusal('BLOB_UPLOAD_INVALID', 'invalid_input', 'The Content-Range is not <start>-<end>.')
  const length = declaredLength(request)
  if (range && length !== undefined && length > 0 && length !== range.end - range.start + 1) {
    throw registryRefusal(
      'SIZE_INVALID',
      'invalid_input',
      `The Content-Range spans ${range.end - range.start + 1} bytes and the Content-Length is ${length}.`,
    )
  }
  return range
}

function demandDigest(digest: string): void {
  if (!isDigest(digest)) throw registryRefusal('DIGEST_INVALID', 'invalid_input', 'The digest is not sha256 or sha512 in lower-case hex.')
}

function locationOf({ name, id }: UploadRef): string {
  return `/v2/${name.full}/blobs/uploads/${id}`
}

/** Both ends of a Range are included, so that nothing at all is written as 0-0, as clients expect. */
function progress(upload: UploadRef, offset: number): Record<string, string> {
  return { location: locationOf(upload), range: `0-${Math.max(0, offset - 1)}`, 'docker-upload-uuid': upload.id }
}

function answerStanding(exchange: Exchange, status: 202 | 204, upload: UploadRef, offset: number): void {
  answer(exchange, status, progress(upload, offset))
}

function answerOutOfOrder(exchange: Exchange, upload: UploadRef, offset: number): void {
  answerError(exchange, 416, errorBody('BLOB_UPLOAD_INVALID', `The next chunk begins at ${offset}.`), progress(upload, offset))
}

function answerCreated(exchange: Exchange, name: RepositoryName, digest: string): void {
  answer(exchange, 201, { location: `/v2/${name.full}/blobs/${digest}`, 'docker-content-digest': digest })
}
