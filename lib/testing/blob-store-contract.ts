// What every blob store keeps, however it keeps it. Each implementation runs this suite.
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BlobStore } from '#lib/platform/blob-store'
import { fileStamp } from '#lib/platform/disk-blob-store'

export interface StoreUnderTest {
  store: BlobStore
  /** Changes the bytes of a blob behind the back of the store. */
  damage(digest: string, change: (bytes: Buffer) => Buffer): void | Promise<void>
  /** Files or entries of writes that did not end. */
  leftovers(): string[]
}

export function describeBlobStore(name: string, make: () => StoreUnderTest): void {
  describe(`${name}, as every blob store`, () => {
    let made: StoreUnderTest
    let folder: string
    beforeAll(() => {
      made = make()
      folder = mkdtempSync(join(tmpdir(), 'caisson-contract-'))
    })
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    it('keeps bytes under the digest that they hash to, sha256 unless another is expected', async () => {
      const { store } = made
      const written = await store.write(chunks('sealed ', 'once'))
      expect(written).toEqual({ digest: digestOf('sealed once'), sizeBytes: 11 })
      expect(await store.size(written.digest)).toBe(11)
      expect(await text(await store.read(written.digest))).toBe('sealed once')
      const long = digestOf('sealed once', 'sha512')
      expect(await store.size(long)).toBeUndefined()
      expect(await store.write(chunks('sealed once'), long)).toEqual({ digest: long, sizeBytes: 11 })
      expect(await text(await store.read(long))).toBe('sealed once')
    })

    it('keeps what is empty and what is larger than a chunk, byte for byte', async () => {
      const { store } = made
      for (const size of [0, 1, 1024 ** 2 - 1, 1024 ** 2, 3 * 1024 ** 2 + 17]) {
        const bytes = randomBytes(size)
        const { digest } = await store.write(chunks(bytes.subarray(0, size >> 1), bytes.subarray(size >> 1)))
        expect((await buffer(await store.read(digest))).equals(bytes)).toBe(true)
        expect(readFileSync(await store.verifiedPath(digest)).equals(bytes)).toBe(true)
      }
    })

    it('reads a range, both ends included', async () => {
      const { digest } = await made.store.write(chunks('0123456789'))
      expect(await text(await made.store.read(digest, { start: 2, end: 5 }))).toBe('2345')
      expect(await text(await made.store.read(digest, { start: 9, end: 9 }))).toBe('9')
    })

    it('throws away bytes that are not what they were said to be, and leaves nothing of them', async () => {
      const expected = digestOf('something else')
      await expect(made.store.write(chunks('not it'), expected)).rejects.toMatchObject({ code: 'invalid_input' })
      expect(await made.store.size(expected)).toBeUndefined()
      expect(await made.store.size(digestOf('not it'))).toBeUndefined()
      expect(made.leftovers()).toEqual([])
    })

    it('leaves nothing when the sender breaks off', async () => {
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield Buffer.from('half')
        throw new Error('the line went dead')
      }
      await expect(made.store.write(broken())).rejects.toThrow('the line went dead')
      expect(made.leftovers()).toEqual([])
    })

    it('moves a file in by its hash, and leaves one that is something else where it is', async () => {
      const path = join(folder, 'upload')
      writeFileSync(path, 'a jar')
      await expect(made.store.adopt(path, digestOf('another jar'))).rejects.toMatchObject({ code: 'invalid_input' })
      expect(existsSync(path)).toBe(true)
      expect(await made.store.adopt(path, digestOf('a jar'))).toEqual({ digest: digestOf('a jar'), sizeBytes: 5 })
      expect(existsSync(path)).toBe(false)
      expect(await text(await made.store.read(digestOf('a jar')))).toBe('a jar')
    })

    it('believes the hash of a file only while the file is as it was hashed', async () => {
      const path = join(folder, 'stamped')
      writeFileSync(path, 'a jar')
      const stamp = await fileStamp(path)
      writeFileSync(path, 'not a jar')
      await expect(made.store.adopt(path, digestOf('a jar'), stamp)).rejects.toMatchObject({ code: 'invalid_input' })
      const size = 'not a jar'.length
      expect(await made.store.adopt(path, digestOf('not a jar'), await fileStamp(path))).toEqual({ digest: digestOf('not a jar'), sizeBytes: size })
    })

    it('never completes a read of bytes that were changed, and is whole again when they are written again', async () => {
      const { store } = made
      const original = randomBytes(2.5 * 1024 ** 2)
      const changes: ((bytes: Buffer) => Buffer)[] = [
        (bytes) => flipped(bytes, 0),
        (bytes) => flipped(bytes, bytes.length - 1),
        (bytes) => bytes.subarray(0, bytes.length - 1),
        (bytes) => bytes.subarray(0, 1024 ** 2),
        (bytes) => Buffer.concat([bytes, Buffer.from('x')]),
        () => Buffer.alloc(0),
      ]
      for (const change of changes) {
        const { digest } = await store.write(chunks(original))
        await store.verifiedPath(digest)
        await made.damage(digest, change)
        const received: Buffer[] = []
        const reading = async () => {
          for await (const chunk of (await store.read(digest)) as AsyncIterable<Buffer>) received.push(chunk)
        }
        await expect(reading()).rejects.toMatchObject({ code: 'unavailable' })
        expect(Buffer.concat(received).length).toBeLessThan(original.length)
        await expect(store.read(digest, { start: 10, end: 20 })).rejects.toMatchObject({ code: 'unavailable' })
        await expect(store.verifiedPath(digest)).rejects.toMatchObject({ code: 'unavailable' })
        await store.write(chunks(original), digest)
        expect((await buffer(await store.read(digest))).equals(original)).toBe(true)
      }
    })

    it('refuses what is no digest, and says when there is no such blob', async () => {
      const odd = ['', 'sha256:', 'sha256:../../etc/passwd', `sha256:${'A'.repeat(64)}`, `sha512:${'a'.repeat(64)}`, `md5:${'a'.repeat(32)}`]
      for (const digest of odd) {
        await expect(made.store.read(digest)).rejects.toMatchObject({ code: 'invalid_input' })
        await expect(made.store.size(digest)).rejects.toMatchObject({ code: 'invalid_input' })
        await expect(made.store.write(chunks('x'), digest)).rejects.toMatchObject({ code: 'invalid_input' })
      }
      const absent = `sha256:${'0'.repeat(64)}`
      expect(await made.store.size(absent)).toBeUndefined()
      await expect(made.store.read(absent)).rejects.toMatchObject({ code: 'not_found' })
      await expect(made.store.verifiedPath(absent)).rejects.toMatchObject({ code: 'not_found' })
    })

    it('takes the same bytes from twenty sides at once as one blob', async () => {
      const bytes = randomBytes(300_000)
      const written = await Promise.all(Array.from({ length: 20 }, () => made.store.write(chunks(bytes))))
      expect(new Set(written.map(({ digest }) => digest))).toEqual(new Set([digestOf(bytes)]))
      expect((await buffer(await made.store.read(digestOf(bytes)))).equals(bytes)).toBe(true)
      expect(made.leftovers()).toEqual([])
    })
  })
}

async function* chunks(...parts: (string | Buffer)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part)
}

function digestOf(bytes: string | Buffer, algorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}
