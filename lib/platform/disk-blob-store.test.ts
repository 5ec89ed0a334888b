import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { DiskBlobStore } from '#lib/platform/disk-blob-store'
import { describeBlobStore } from '#lib/testing/blob-store-contract'
import { MemoryBlobStore } from '#lib/testing/memory-blob-store'

vi.mock('node:fs/promises', async (original) => ({ ...(await original<typeof fs>()) }))

const root = mkdtempSync(join(tmpdir(), 'caisson-blobs-'))
const memory = new MemoryBlobStore()
afterAll(() => {
  memory.dispose()
  rmSync(root, { recursive: true, force: true })
})
afterEach(() => vi.restoreAllMocks())

const pathOf = (digest: string, base = root) => {
  const [algorithm = '', hex = ''] = digest.split(':')
  return join(base, algorithm, hex.slice(0, 2), hex)
}
const drafts = () => (existsSync(join(root, 'tmp')) ? readdirSync(join(root, 'tmp')) : [])

describeBlobStore('the store on disk', () => ({
  store: new DiskBlobStore(root),
  damage: (digest, change) => writeFileSync(pathOf(digest), change(readFileSync(pathOf(digest)))),
  leftovers: drafts,
}))

describeBlobStore('the store in memory', () => ({
  store: memory,
  damage: (digest, change) => void memory.blobs.set(digest, change(memory.blobs.get(digest) ?? Buffer.alloc(0))),
  leftovers: () => [],
}))

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

/** The next `sync` of a handle whose path has `part` in it fails; says how often one was asked for. */
function failSync(part: string, code: string): { calls: number } {
  const seen = { calls: 0 }
  const open = fs.open
  vi.spyOn(fs, 'open').mockImplementation(async (path, ...rest) => {
    const file = await open(path, ...rest)
    if (String(path).includes(part)) {
      file.sync = async () => {
        seen.calls += 1
        if (seen.calls === 1) throw Object.assign(new Error(code), { code })
      }
    }
    return file
  })
  return seen
}

describe('the store on disk', () => {
  it('throws a file away whose fsync failed, and never tries it again', async () => {
    const store = new DiskBlobStore(root)
    const syncs = failSync('/tmp/', 'EIO')
    await expect(store.write(bytes('lost pages'))).rejects.toMatchObject({ code: 'EIO' })
    expect(syncs.calls).toBe(1)
    expect(drafts()).toEqual([])
    expect(existsSync(pathOf(digestOf('lost pages')))).toBe(false)
  })

  it('says that the disk is full, and keeps nothing', async () => {
    const store = new DiskBlobStore(root)
    failSync('/tmp/', 'ENOSPC')
    await expect(store.write(bytes('too much'))).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('is full') })
    expect(drafts()).toEqual([])
    expect(existsSync(pathOf(digestOf('too much')))).toBe(false)
  })

  it('does not acknowledge before the folder of the file is on disk', async () => {
    const store = new DiskBlobStore(root)
    const digest = digestOf('in a folder')
    const syncs = failSync(dirname(pathOf(digest)), 'EIO')
    await expect(store.write(bytes('in a folder'))).rejects.toMatchObject({ code: 'EIO' })
    expect(syncs.calls).toBe(1)
  })

  it('clears what killed writers left, but not what is being written', async () => {
    const base = mkdtempSync(join(root, 'again-'))
    mkdirSync(join(base, 'tmp'))
    writeFileSync(join(base, 'tmp', 'old'), 'x')
    writeFileSync(join(base, 'tmp', 'young'), 'x')
    const twoDaysAgo = Date.now() / 1000 - 2 * 86_400
    utimesSync(join(base, 'tmp', 'old'), twoDaysAgo, twoDaysAgo)
    await new DiskBlobStore(base).write(bytes('new'))
    expect(readdirSync(join(base, 'tmp'))).toEqual(['young'])
  })
})
