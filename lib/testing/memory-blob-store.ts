import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { algorithmOf, digestOf, isDigest } from '#lib/oci/digest'
import type { BlobStore } from '#lib/platform/blob-store'
import { Refusal } from '#lib/platform/refusal'

/** Blobs in memory, for tests of what writes and reads them. It passes the same contract as the disk store. */
export class MemoryBlobStore implements BlobStore {
  readonly blobs = new Map<string, Buffer>()
  #folder: string | undefined

  async size(digest: string): Promise<number | undefined> {
    demandDigest(digest)
    return this.blobs.get(digest)?.length
  }

  async write(source: AsyncIterable<Uint8Array>, expected?: string): Promise<{ digest: string; sizeBytes: number }> {
    if (expected !== undefined) demandDigest(expected)
    const hash = createHash(expected === undefined ? 'sha256' : algorithmOf(expected))
    const chunks: Uint8Array[] = []
    for await (const chunk of source) {
      hash.update(chunk)
      chunks.push(Buffer.from(chunk))
    }
    const bytes = Buffer.concat(chunks)
    const digest = `${expected === undefined ? 'sha256' : algorithmOf(expected)}:${hash.digest('hex')}`
    if (expected !== undefined && digest !== expected) {
      throw new Refusal('invalid_input', `The bytes hash to ${digest}, not to ${expected}.`, { fix: 'Send them again.' })
    }
    this.blobs.set(digest, bytes)
    return { digest, sizeBytes: bytes.length }
  }

  async read(digest: string, range?: { start: number; end: number }): Promise<Readable> {
    const bytes = this.#verified(digest)
    return Readable.from([range ? bytes.subarray(range.start, range.end + 1) : bytes])
  }

  async adopt(path: string, expected: string): Promise<{ digest: string; sizeBytes: number }> {
    const bytes = await readFile(path)
    const written = await this.write(Readable.from([bytes]), expected)
    await rm(path)
    return written
  }

  async verifiedPath(digest: string): Promise<string> {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'blobs-'))
    const path = join(this.#folder, digest.replace(':', '-'))
    writeFileSync(path, this.#verified(digest))
    return path
  }

  /** Removes what {@link verifiedPath} left on disk. */
  dispose(): void {
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true })
    this.#folder = undefined
  }

  #verified(digest: string): Buffer {
    demandDigest(digest)
    const bytes = this.blobs.get(digest)
    if (!bytes) throw new Refusal('not_found', `There is no blob ${digest}.`)
    if (digestOf(bytes, algorithmOf(digest)) !== digest) throw new Refusal('unavailable', `The blob ${digest} is damaged.`)
    return bytes
  }
}

function demandDigest(text: string): void {
  if (!isDigest(text)) throw new Refusal('invalid_input', `${text} is not a digest.`)
}
