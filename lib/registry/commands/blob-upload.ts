// An upload in pieces (distribution-spec, "Pushing a blob in chunks"): started, appended to, finished or cancelled. The row
// holds the offset that counts; bytes are written before it moves and thrown away when it does not.
import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { authorize } from '#lib/access/authorize'
import type { BlobStore } from '#lib/platform/blob-store'
import { actorId, type TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { isRefusal, Refusal } from '#lib/platform/refusal'
import { findRepository, linkBlobs, openRepository } from '#lib/registry/internal/repository-rows'
import type { UploadFiles } from '#lib/registry/internal/upload-files'
import { registryRefusal } from '#lib/registry/registry-error'
import type { RepositoryName } from '#lib/registry/repository-name'

export interface UploadRef {
  name: RepositoryName
  id: string
}

/** What a chunk says of itself; both are checked. */
export interface ChunkInput extends UploadRef {
  start: number | undefined
  sizeBytes: number | undefined
}

export async function startUpload(ctx: TenantContext, name: RepositoryName): Promise<string> {
  return ctx.write(async (tx) => {
    authorize(ctx.actor, 'registry.push')
    const repositoryId = await openRepository(tx, ctx.tenant.id, name)
    const id = newId()
    await tx.blobUpload.create({ data: { id, tenantId: ctx.tenant.id, repositoryId, startedBy: actorId(ctx.actor) }, select: { id: true } })
    return id
  })
}

/** Bytes that count so far. */
export async function uploadOffset(ctx: TenantContext, upload: UploadRef): Promise<number> {
  authorize(ctx.actor, 'registry.push')
  return ctx.read((tx) => loadOffset(tx, ctx, upload))
}

/**
 * Adds a chunk, or nothing of it: a line that breaks leaves the offset where it was.
 * @returns the new offset, or 'out_of_order' with the one that stands
 */
export async function appendChunk(
  ctx: TenantContext,
  chunk: ChunkInput,
  body: AsyncIterable<Uint8Array>,
  files: UploadFiles,
): Promise<{ offset: number; isOutOfOrder: boolean }> {
  const standing = await uploadOffset(ctx, chunk)
  const start = chunk.start ?? standing
  if (start !== standing) return { offset: standing, isOutOfOrder: true }
  const draft = await files.draft(chunk.id, randomBytes(6).toString('hex'))
  try {
    const sizeBytes = await writeDraft(draft, body)
    if (chunk.sizeBytes !== undefined && chunk.sizeBytes !== sizeBytes) {
      throw registryRefusal('SIZE_INVALID', 'invalid_input', `The chunk has ${sizeBytes} bytes and says that it has ${chunk.sizeBytes}.`)
    }
    return await ctx.write(async (tx) => {
      authorize(ctx.actor, 'registry.push')
      const offset = await loadOffset(tx, ctx, chunk, true)
      // Another chunk was taken at this place while this one arrived.
      if (offset !== start) return { offset, isOutOfOrder: true }
      if (sizeBytes > 0) await files.keep(draft, chunk.id, offset)
      await tx.blobUpload.update({ where: { id: chunk.id }, data: { offsetBytes: BigInt(offset + sizeBytes), touchedAt: ctx.now() } })
      return { offset: offset + sizeBytes, isOutOfOrder: false }
    })
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * Hashes all of it, in full, into the store and makes it visible. Bytes that are not those of `digest` end the upload.
 * @throws Refusal `invalid_input` (DIGEST_INVALID)
 */
export async function finishUpload(
  ctx: TenantContext,
  input: UploadRef & { digest: string },
  last: AsyncIterable<Uint8Array> | undefined,
  files: UploadFiles,
  store: BlobStore,
): Promise<void> {
  const offset = await uploadOffset(ctx, input)
  const chunks = await files.chunks(input.id, offset)
  if (!chunks) throw unknownUpload(input.id)
  const written = await storeUpload(
    ctx,
    input,
    chunks.length === 1 && !last ? { path: chunks[0]?.path ?? '' } : { body: joined(files, chunks, last) },
    store,
    files,
  )
  await ctx.write(async (tx) => {
    authorize(ctx.actor, 'registry.push')
    if ((await loadOffset(tx, ctx, input, true)) !== offset) throw unknownUpload(input.id)
    await tx.blobUpload.deleteMany({ where: { id: input.id } })
    await linkBlobs(tx, ctx.tenant.id, await findRepository(tx, ctx.tenant.id, input.name), [written])
  })
  await files.discard(input.id)
}

async function storeUpload(
  ctx: TenantContext,
  input: UploadRef & { digest: string },
  source: { path: string } | { body: AsyncIterable<Uint8Array> },
  store: BlobStore,
  files: UploadFiles,
): Promise<{ digest: string; sizeBytes: number }> {
  try {
    return 'path' in source ? await store.adopt(source.path, input.digest) : await store.write(source.body, input.digest)
  } catch (error) {
    if (isRefusal(error) && error.code === 'invalid_input') await cancelUpload(ctx, input, files)
    throw error
  }
}

async function* joined(files: UploadFiles, chunks: Parameters<UploadFiles['read']>[0], last: AsyncIterable<Uint8Array> | undefined) {
  yield* files.read(chunks)
  if (last) yield* last
}

export async function cancelUpload(ctx: TenantContext, upload: UploadRef, files: UploadFiles): Promise<void> {
  await ctx.write(async (tx) => {
    authorize(ctx.actor, 'registry.push')
    await loadOffset(tx, ctx, upload, true)
    await tx.blobUpload.deleteMany({ where: { id: upload.id } })
  })
  await files.discard(upload.id)
}

async function loadOffset(tx: Tx, ctx: TenantContext, { name, id }: UploadRef, isLocked = false): Promise<number> {
  const repositoryId = await findRepository(tx, ctx.tenant.id, name)
  const rows = isLocked
    ? await tx.$queryRaw<
        { size: bigint }[]
      >`select offset_bytes as size from blob_upload where id = ${id} and repository_id = ${repositoryId} for update`
    : await tx.$queryRaw<{ size: bigint }[]>`select offset_bytes as size from blob_upload where id = ${id} and repository_id = ${repositoryId}`
  if (!rows[0]) throw unknownUpload(id)
  return Number(rows[0].size)
}

function unknownUpload(id: string): Refusal {
  return registryRefusal('BLOB_UPLOAD_UNKNOWN', 'not_found', `There is no upload ${id.slice(0, 64)} here.`, 'Start the upload again.')
}

async function writeDraft(path: string, body: AsyncIterable<Uint8Array>): Promise<number> {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o640 })
  try {
    await pipeline(body, file)
    return file.bytesWritten
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    throw new Refusal('unavailable', 'The disk of the blob store is full; this chunk was not kept.', {
      fix: 'Free some space and try again.',
      cause: error,
    })
  }
}
