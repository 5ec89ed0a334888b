import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readParts, writePart } from '#lib/operations/internal/parts'
import { seal, unseal } from '#lib/operations/internal/sealed-file'
import { testSeed } from '#lib/testing/seed'

const passphrase = 'correct horse battery'
const cheap = 1024

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

async function whole(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) chunks.push(chunk)
  return Buffer.concat(chunks)
}

describe('a sealed file', () => {
  it('opens to the same bytes, whatever their length and in whatever pieces they come', async () => {
    for (const length of [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000]) {
      const bytes = randomBytes(length)
      const sealed = await whole(seal(pieces(bytes, 10_007), passphrase, cheap))
      expect((await whole(unseal(pieces(sealed, 999), passphrase))).equals(bytes)).toBe(true)
    }
  })

  it('refuses another passphrase, and everything but itself: cut, lengthened, changed, chunks swapped or taken from another', async () => {
    const bytes = randomBytes(200_000)
    const sealed = await whole(seal(pieces(bytes, 50_000), passphrase, cheap))
    const other = await whole(seal(pieces(bytes, 50_000), passphrase, cheap))
    const open = (candidate: Buffer, words = passphrase) => whole(unseal(pieces(candidate, 70_000), words))
    await expect(open(sealed, 'correct horse batterY')).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('passphrase'),
    })
    await expect(open(Buffer.from('a file of somebody else\n'))).rejects.toMatchObject({ code: 'unsupported' })
    const seed = testSeed('sealed files')
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const changed = Buffer.from(sealed)
        changed[at] = (changed[at] ?? 0) ^ mask
        await expect(open(changed)).rejects.toMatchObject({ code: expect.stringMatching(/^(invalid_input|unsupported)$/) })
        await expect(open(sealed.subarray(0, at))).rejects.toMatchObject({ code: expect.stringMatching(/^(invalid_input|unsupported)$/) })
      }),
      { seed, numRuns: 60 },
    )
    await expect(open(Buffer.concat([sealed, Buffer.from([0])]))).rejects.toMatchObject({ code: 'invalid_input' })
    const chunk = 65_536 + 16
    const start = sealed.indexOf(10, sealed.indexOf(10) + 1) + 1
    const swapped = Buffer.concat([
      sealed.subarray(0, start),
      sealed.subarray(start + chunk, start + 2 * chunk),
      sealed.subarray(start, start + chunk),
      sealed.subarray(start + 2 * chunk),
    ])
    await expect(open(swapped)).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(open(Buffer.concat([sealed.subarray(0, start), other.subarray(start)]))).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('has nothing in it that can be read', async () => {
    const sealed = await whole(seal(pieces(Buffer.from('canary-5f2c'.repeat(1000)), 100), passphrase, cheap))
    expect(sealed.includes('canary')).toBe(false)
  })
})

describe('parts', () => {
  it('come back with their names and bytes, also when one is not read to its end', async () => {
    const digests: string[] = []
    const write = async function* () {
      for (const [name, size] of [
        ['a', 0],
        ['b', 9_000_000],
        ['c', 3],
      ] as const) {
        yield* writePart({ name, content: pieces(Buffer.alloc(size, name), 1_000_000) }, ({ sha256 }) => digests.push(sha256))
      }
    }
    const bytes = await whole(write())
    const found: [string, number][] = []
    for await (const { name, content } of readParts(pieces(bytes, 123_457))) {
      if (name === 'b') continue
      found.push([name, (await whole(content)).length])
    }
    expect(found).toEqual([
      ['a', 0],
      ['c', 3],
    ])
    expect(digests).toHaveLength(3)
    const cut = async () => {
      for await (const part of readParts(pieces(bytes.subarray(0, -2), 1000))) void part
    }
    await expect(cut()).rejects.toMatchObject({ code: 'invalid_input' })
  })
})
