import { createHash, randomBytes } from 'node:crypto'
import { createWriteStream, mkdirSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { expectJar, readJar } from '#lib/builder/commands/build-image'
import { StretchHashes } from '#lib/builder/stretch-hashes'
import type { TenantContext } from '#lib/platform/context'
import { fileStamp } from '#lib/platform/disk-blob-store'
import { Refusal } from '#lib/platform/refusal'
import { dataPath, readSettings } from '#lib/platform/settings'

/** Bytes on disk that nothing refers to yet; `discard` removes them, and is safe to call twice. */
export interface ReceivedArtifact {
  path: string
  /** `sha256:<hex>`, hashed as the bytes arrived. */
  digest: string
  sizeBytes: number
  /** Of the file as it was hashed. */
  stamp: string
  /** Of a JAR that is new here it began with the last byte, while the disk is still waited for. */
  reading: ReturnType<typeof readJar>
  discard(): Promise<void>
}

/**
 * Streams an upload to a file of its own, hashing on arrival; never more than a chunk in memory.
 * Refuses `too_large` as soon as the cap is passed and `unavailable` when the disk is full; either leaves no file.
 */
export async function receiveArtifact(
  ctx: TenantContext,
  source: AsyncIterable<Uint8Array>,
  maxBytes = readSettings().CAISSON_MAX_UPLOAD_BYTES,
): Promise<ReceivedArtifact> {
  const path = dataPath('uploads', `${randomBytes(12).toString('hex')}.jar`)
  mkdirSync(dirname(path), { recursive: true })
  expectJar(dirname(path))
  let reading: ReceivedArtifact['reading'] | undefined
  const discard = () => {
    reading?.close()
    return rm(path, { force: true })
  }
  try {
    const { digest, sizeBytes, hashes } = await writeAndHash(source, path, maxBytes)
    reading = readJar(path, hashes)
    if (await isNew(ctx, digest)) reading.begin()
    await syncToDisk(path)
    return { path, digest, sizeBytes, stamp: await fileStamp(path), reading, discard }
  } catch (error) {
    await discard()
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
      throw new Refusal('unavailable', 'The disk of the server is full, so the upload was thrown away.', {
        fix: 'Free some space and upload it again.',
        cause: error,
      })
    }
    throw error
  }
}

export function refusedSize(maxBytes: number): Refusal {
  return new Refusal('too_large', `The upload is larger than ${maxBytes} bytes.`, { fix: 'Raise CAISSON_MAX_UPLOAD_BYTES, or make the JAR smaller.' })
}

async function writeAndHash(source: AsyncIterable<Uint8Array>, path: string, maxBytes: number) {
  const hash = createHash('sha256')
  const stretches = new StretchHashes()
  let sizeBytes = 0
  await pipeline(
    source,
    async function* measure(chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        sizeBytes += chunk.length
        if (sizeBytes > maxBytes) throw refusedSize(maxBytes)
        hash.update(chunk)
        stretches.update(chunk)
        yield chunk
      }
    },
    createWriteStream(path, { flags: 'wx', mode: 0o600 }),
  )
  return { digest: `sha256:${hash.digest('hex')}`, sizeBytes, hashes: stretches.found }
}

async function isNew(ctx: TenantContext, digest: string): Promise<boolean> {
  return (await ctx.read((tx) => tx.artifact.findFirst({ where: { digest }, select: { id: true } }))) === null
}

async function syncToDisk(path: string): Promise<void> {
  const file = await open(path)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
