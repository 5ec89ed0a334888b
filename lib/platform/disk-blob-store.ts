import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import type { BlobStore } from '#lib/platform/blob-store'
import { Refusal } from '#lib/platform/refusal'
import { dataPath, readSettings } from '#lib/platform/settings'

/** What a reader asks of the disk at once; larger ones gain nothing and hold the event loop for longer. */
const chunkBytes = 1024 ** 2
/** For how long a file that was hashed and has not changed since (size, time, inode) is not hashed again for a range. */
const trustMs = 10 * 60_000
/** A draft that nobody wrote to for so long belongs to a process that is gone. */
const staleMs = 24 * 3_600_000

/** A content-addressed store in a directory: `sha256/ab/ab…`. A file appears whole and on disk under its name, or not at all. */
export class DiskBlobStore implements BlobStore {
  readonly #root: string
  readonly #verified = new Map<string, { stamp: string; until: number }>()
  readonly #ready: Promise<void>

  constructor(root: string) {
    this.#root = root
    this.#ready = discardStale(join(root, 'tmp'))
  }

  async size(digest: string): Promise<number | undefined> {
    const found = await stat(this.#path(digest)).catch(absent)
    return found?.size
  }

  async write(source: AsyncIterable<Uint8Array>, expected?: string): Promise<{ digest: string; sizeBytes: number }> {
    if (expected !== undefined) this.#path(expected)
    const draft = await this.#draft()
    try {
      const written = await writeDraft(draft, source, expected)
      await this.#publish(draft, written.digest)
      this.#trust(written.digest, await this.#known(written.digest))
      return written
    } catch (error) {
      // A failed fsync is final for this file: the kernel may have dropped the pages, so it is never tried again.
      await rm(draft, { force: true })
      throw fullDisk(error)
    }
  }

  async adopt(path: string, expected: string, stamp?: string): Promise<{ digest: string; sizeBytes: number }> {
    this.#path(expected)
    const isAsHashed = stamp !== undefined && (await fileStamp(path)) === stamp
    const found = isAsHashed ? { digest: expected, sizeBytes: (await stat(path)).size } : await hashFile(path, expected)
    if (found.digest !== expected) throw mismatch(expected, found.digest)
    await syncFile(path)
    try {
      await this.#publish(path, expected)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw fullDisk(error)
      await this.#copyIn(path, expected)
    }
    return found
  }

  /** The last chunk is held back until the whole was hashed: nobody completes a read of a damaged blob. */
  async read(digest: string, range?: { start: number; end: number }): Promise<Readable> {
    if (range) return createReadStream(await this.verifiedPath(digest), { ...range, highWaterMark: chunkBytes })
    await this.#known(digest)
    return Readable.from(hashed(this.#path(digest), digest), { objectMode: false, highWaterMark: chunkBytes })
  }

  async verifiedPath(digest: string): Promise<string> {
    const path = this.#path(digest)
    const stamp = await this.#known(digest)
    const known = this.#verified.get(digest)
    if (known?.stamp === stamp && known.until > performance.now()) return path
    const found = await hashFile(path, digest)
    if (found.digest !== digest) throw damaged(digest)
    this.#trust(digest, stamp)
    return path
  }

  /** What tells one state of the file from another. */
  async #known(digest: string): Promise<string> {
    const found = await stat(this.#path(digest), { bigint: true }).catch(absent)
    if (!found) throw new Refusal('not_found', `There is no blob ${digest} here.`)
    return `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`
  }

  #trust(digest: string, stamp: string): void {
    if (this.#verified.size > 10_000) this.#verified.clear()
    this.#verified.set(digest, { stamp, until: performance.now() + trustMs })
  }

  async #draft(): Promise<string> {
    await this.#ready
    const folder = join(this.#root, 'tmp')
    await mkdir(folder, { recursive: true })
    return join(folder, randomBytes(12).toString('hex'))
  }

  /** Also over a file that is there: the new one was just hashed, the old one may have rotted. Who reads it reads on. */
  async #publish(draft: string, digest: string): Promise<void> {
    const path = this.#path(digest)
    const made = await mkdir(dirname(path), { recursive: true })
    await rename(draft, path)
    await syncFile(dirname(path))
    // A new folder is an entry of the one above it, which has to reach the disk too.
    if (made !== undefined) for (const folder of [dirname(dirname(path)), this.#root]) await syncFile(folder)
  }

  async #copyIn(path: string, digest: string): Promise<void> {
    const draft = await this.#draft()
    try {
      await copyFile(path, draft)
      if ((await hashFile(draft, digest)).digest !== digest) throw damaged(digest)
      await syncFile(draft)
      await this.#publish(draft, digest)
      await rm(path, { force: true })
    } catch (error) {
      await rm(draft, { force: true })
      throw fullDisk(error)
    }
  }

  #path(digest: string): string {
    if (!/^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(digest)) {
      throw new Refusal('invalid_input', `${digest.slice(0, 200)} is not a sha256 or sha512 digest.`)
    }
    const hex = digest.slice('sha256:'.length)
    return join(this.#root, algorithmOf(digest), hex.slice(0, 2), hex)
  }
}

const shared = globalThis as typeof globalThis & { __caissonBlobs?: { root: string; store: BlobStore } }

/** Where blobs are: `BLOB_STORE`, else `blobs/` of the data directory. */
export function blobFolder(): string {
  return readSettings().BLOB_STORE ?? dataPath('blobs')
}

/** Writes a few bytes where blobs are, reads them back and takes them away: `ok`, or the code of what went wrong. */
export async function probeBlobFolder(): Promise<string> {
  const folder = join(blobFolder(), 'tmp')
  const path = join(folder, `probe-${randomBytes(8).toString('hex')}`)
  const bytes = randomBytes(1024)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(path, bytes, { flag: 'wx', flush: true })
    return bytes.equals(await readFile(path)) ? 'ok' : 'other bytes came back'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown'
  } finally {
    await rm(path, { force: true }).catch(() => {})
  }
}

/** The blob store of this process. On globalThis, because Next bundles a copy of this module. */
export function blobStore(): BlobStore {
  const root = blobFolder()
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
      // Hashed while the kernel takes it.
      const writing = file.writeFile(chunk)
      hash.update(chunk)
      sizeBytes += chunk.length
      await writing
    }
    const digest = `${algorithm}:${hash.digest('hex')}`
    if (expected !== undefined && digest !== expected) throw mismatch(expected, digest)
    await file.sync()
    return { digest, sizeBytes }
  } finally {
    await file.close()
  }
}

/** Reads the next chunk while one is hashed, into two buffers that are used in turn. */
async function hashFile(path: string, like: string): Promise<{ digest: string; sizeBytes: number }> {
  const hash = createHash(algorithmOf(like))
  const buffers = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)] as const
  const file = await open(path, 'r')
  try {
    let sizeBytes = 0
    let reading = file.read(buffers[0], { position: 0 })
    for (let next: 0 | 1 = 1; ; next = next === 0 ? 1 : 0) {
      const { bytesRead, buffer } = await reading
      if (bytesRead === 0) break
      sizeBytes += bytesRead
      reading = file.read(buffers[next], { position: sizeBytes })
      hash.update(buffer.subarray(0, bytesRead))
    }
    return { digest: `${algorithmOf(like)}:${hash.digest('hex')}`, sizeBytes }
  } finally {
    await file.close()
  }
}

async function* hashed(path: string, digest: string): AsyncGenerator<Uint8Array> {
  const hash = createHash(algorithmOf(digest))
  let held: Uint8Array | undefined
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes }) as AsyncIterable<Uint8Array>) {
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

/** What tells one state of a file from another: inode, size and time of its last change. */
export async function fileStamp(path: string): Promise<string> {
  const { ino, size, mtimeNs } = await stat(path, { bigint: true })
  return `${ino} ${size} ${mtimeNs}`
}

/** fsync of a file or a directory. */
async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Leftovers of processes that were killed; those of running ones are younger. */
async function discardStale(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const found = await stat(join(folder, name)).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > staleMs) await rm(join(folder, name), { force: true }).catch(() => {})
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

function mismatch(expected: string, found: string): Refusal {
  return new Refusal('invalid_input', `The bytes hash to ${found}, not to ${expected}.`, { fix: 'Send them again.' })
}

function damaged(digest: string): Refusal {
  return new Refusal('unavailable', `The blob ${digest} is damaged on disk: its bytes no longer hash to its name.`, {
    fix: 'Push or upload it again, or restore it from a backup.',
  })
}

function fullDisk(error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') return error
  return new Refusal('unavailable', 'The disk of the blob store is full; nothing was kept.', { fix: 'Free some space and try again.', cause: error })
}
