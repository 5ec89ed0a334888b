import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, describe, expect, it } from 'vitest'
import { sha256Hex } from '#lib/platform/canonical-json'
import { DiskBlobStore } from '#lib/platform/disk-blob-store'

const root = mkdtempSync(join(tmpdir(), 'caisson-blobs-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const store = new DiskBlobStore(root)

async function* bytes(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part)
}

describe('the blob store on disk', () => {
  it('keeps bytes under the digest that they hash to', async () => {
    const written = await store.write(bytes('sealed ', 'once'))
    expect(written).toEqual({ digest: `sha256:${sha256Hex('sealed once')}`, sizeBytes: 11 })
    expect(await store.size(written.digest)).toBe(11)
    expect(await text(await store.read(written.digest))).toBe('sealed once')
    expect(await text(await store.read(written.digest, { start: 7, end: 10 }))).toBe('once')
  })

  it('throws away bytes that are not what they were said to be, and leaves no file', async () => {
    const expected = `sha256:${sha256Hex('something else')}`
    await expect(store.write(bytes('not it'), expected)).rejects.toMatchObject({ code: 'invalid_input' })
    expect(await store.size(expected)).toBeUndefined()
    expect(readdirSync(join(root, 'tmp'))).toEqual([])
  })

  it('leaves nothing when the sender breaks off', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half')
      throw new Error('the line went dead')
    }
    await expect(store.write(broken())).rejects.toThrow('the line went dead')
    expect(readdirSync(join(root, 'tmp'))).toEqual([])
  })

  it('never completes a read of bytes that were changed on disk', async () => {
    const { digest } = await store.write(bytes('the running release'))
    const hex = digest.slice('sha256:'.length)
    writeFileSync(join(root, 'sha256', hex.slice(0, 2), hex), 'the running rel3ase')
    await expect(text(await store.read(digest))).rejects.toThrow(/damaged/)
    await expect(store.verifiedPath(digest)).rejects.toThrow(/damaged/)
  })

  it('refuses what is no digest, and says when there is no such blob', async () => {
    await expect(store.read('sha256:../../etc/passwd')).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(store.read(`sha256:${'0'.repeat(64)}`)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('writes the same bytes from twenty sides at once as one blob', async () => {
    const digests = await Promise.all(Array.from({ length: 20 }, () => store.write(bytes('the same', ' bytes'))))
    expect(new Set(digests.map(({ digest }) => digest)).size).toBe(1)
    expect(readdirSync(join(root, 'tmp'))).toEqual([])
  })
})
