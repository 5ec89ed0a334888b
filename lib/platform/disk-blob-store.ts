import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, mkdirSync } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import type { BlobStore } from '#lib/platform/blob-store'
import { Refusal } from '#lib/platform/refusal'
import { dataPath, readSettings } from '#lib/platform/settings'

/** A content-addressed store in a directory: `sha256/ab/ab…`. A file appears whole and on disk under its name, or not at all. */
export class DiskBlobStore implements BlobStore {
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  async size(digest: string): Promise<number | undefined> {
    const found = await stat(this.#path(digest)).catch(() => undefined)
    return found?.size
  }

  async write(source: AsyncIterable<Uint8Array>, expected?: string): Promise<{ digest: string; sizeBytes: number }> {
    const draft = join(this.#root, 'tmp', randomBytes(12).toString('hex'))
    mkdirSync(dirname(draft), { recursive: true })
    try {
      const written = await writeDraft(draft, source, expected)
      await this.#publish(draft, written.digest)
      return written
    } catch (error) {
      // A failed fsync is final for this file: the kernel may have dropped the pages, so it is never tried again.
      await rm(draft, { force: true })
      throw fullDisk(error)
    }
  }

  async adopt(path: string, expected: string): Promise<{ digest: string; sizeBytes: number }> {
    const { digest, sizeBytes } = await hashFile(path, expected)
    if (digest !== expected) throw mismatch(expected, digest)
    if ((await this.size(digest)) === undefined) await this.#publish(path, digest)
    else await rm(path, { force: true })
    return { digest, sizeBytes }
  }

  /** The last chunk is held back until the whole was hashed: nobody completes a read of a damaged blob. */
  async read(digest: string, range?: { start: number; end: number }): Promise<Readable> {
    if (range) {
      const path = await this.verifiedPath(digest)
      return createReadStream(path, range)
    }
    await this.#known(digest)
    return Readable.from(verified(this.#path(digest), digest), { objectMode: false })
  }

  async verifiedPath(digest: string): Promise<string> {
    await this.#known(digest)
    const path = this.#path(digest)
    const found = await hashFile(path, digest)
    if (found.digest !== digest) throw damaged(digest)
    return path
  }

  async #known(digest: string): Promise<void> {
    if ((await this.size(digest)) === undefined) throw new Refusal('not_found', `There is no blob ${digest} here.`)
  }

  async #publish(draft: string, digest: string): Promise<void> {
    const path = this.#path(digest)
    mkdirSync(dirname(path), { recursive: true })
    await rename(draft, path)
    await syncDirectory(dirname(path))
  }

  #path(digest: string): string {
    const match = /^(sha256|sha512):([0-9a-f]{64,128})$/.exec(digest)
    if (!match) throw new Refusal('invalid_input', `${digest} is not a digest.`)
    const [, algorithm = '', hex = ''] = match
    return join(this.#root, algorithm, hex.slice(0, 2), hex)
  }
}

const shared = globalThis as typeof globalThis & { __caissonBlobs?: { root: string; store: BlobStore } }

/** The blob store of this process: `BLOB_STORE`, else `blobs/` of the data directory. */
export function blobStore(): BlobStore {
  const root = readSettings().BLOB_STORE ?? dataPath('blobs')
  if (shared.__caissonBlobs?.root !== root) shared.__caissonBlobs = { root, store: new DiskBlobStore(root) }
  return shared.__caissonBlobs.store
}

async function writeDraft(draft: string, source: AsyncIterable<Uint8Array>, expected?: string): Promise<{ digest: string; sizeBytes: number }> {
  const algorithm = algorithmOf(expected)
  const hash = createHash(algorithm)
  const file = await open(draft, 'wx', 0o640)
  let sizeBytes = 0
  try {
    for await (const chunk of source) {
      hash.update(chunk)
      sizeBytes += chunk.length
      await file.writeFile(chunk)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  const digest = `${algorithm}:${hash.digest('hex')}`
  if (expected !== undefined && digest !== expected) throw mismatch(expected, digest)
  return { digest, sizeBytes }
}

async function hashFile(path: string, like: string): Promise<{ digest: string; sizeBytes: number }> {
  const hash = createHash(algorithmOf(like))
  let sizeBytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 ** 2 }) as AsyncIterable<Uint8Array>) {
    hash.update(chunk)
    sizeBytes += chunk.length
  }
  return { digest: `${algorithmOf(like)}:${hash.digest('hex')}`, sizeBytes }
}

async function* verified(path: string, digest: string): AsyncGenerator<Uint8Array> {
  const hash = createHash(algorithmOf(digest))
  let held: Uint8Array | undefined
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 ** 2 }) as AsyncIterable<Uint8Array>) {
    hash.update(chunk)
    if (held) yield held
    held = chunk
  }
  if (`${algorithmOf(digest)}:${hash.digest('hex')}` !== digest) throw damaged(digest)
  if (held) yield held
}

function algorithmOf(digest: string | undefined): 'sha256' | 'sha512' {
  return digest?.startsWith('sha512:') ? 'sha512' : 'sha256'
}

async function syncDirectory(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function mismatch(expected: string, found: string): Refusal {
  return new Refusal('invalid_input', `The bytes hash to ${found}, not to ${expected}.`, { fix: 'Send them again.' })
}

function damaged(digest: string): Error {
  return new Error(`the blob ${digest} is damaged on disk: its bytes no longer hash to its name`)
}

function fullDisk(error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') return error
  return new Refusal('unavailable', 'The disk of the blob store is full; nothing was kept.', { fix: 'Free some space and try again.', cause: error })
}
