import { createHash, randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StretchHashes } from '#lib/builder/stretch-hashes'
import { testSeed } from '#lib/testing/seed'
import { bootJar, zipOf } from '#lib/testing/zip'

const contents = [randomBytes(16 * 1024), randomBytes(100_000), randomBytes(300_000)]
const inner = zipOf([{ name: 'inside', content: randomBytes(50_000) }])
const jar = zipOf(
  [
    ...bootJar(),
    { name: 'streamed', content: randomBytes(20_000), method: 8, flags: 8, local: { crc32: 0, sizeBytes: 0, compressedBytes: 0 } },
    ...[...contents, inner].map((content, index) => ({ name: `BOOT-INF/lib/${index}.jar`, content })),
  ],
  { prefix: Buffer.from('#!/bin/bash\n') },
)
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

function hashed(bytes: Buffer, cuts: readonly number[]): ReadonlyMap<string, string> {
  const hashes = new StretchHashes()
  const borders = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
  for (const [index, border] of borders.slice(1).entries()) hashes.update(bytes.subarray(borders[index], border))
  return hashes.found
}

function expectTrue(bytes: Buffer, found: ReadonlyMap<string, string>): void {
  for (const [stretch, hash] of found) {
    const [offset = 0, length = 0] = stretch.split(' ').map(Number)
    expect(hashOf(bytes.subarray(offset, offset + length))).toBe(hash)
  }
}

describe('what is hashed of an archive as it arrives', () => {
  it('is every large entry, wherever the bytes were cut', () => {
    const wanted = [...contents, inner].map((content) => [`${jar.indexOf(content)} ${content.length}`, hashOf(content)] as const)
    fc.assert(
      fc.property(fc.array(fc.nat(jar.length), { maxLength: 40 }), (cuts) => {
        const found = hashed(jar, cuts)
        expectTrue(jar, found)
        for (const [stretch, hash] of wanted) expect(found.get(stretch)).toBe(hash)
      }),
      { seed: testSeed('cuts'), numRuns: 50 },
    )
    const everyByte = Array.from({ length: 2000 }, (_, index) => index)
    expect(hashed(jar, everyByte)).toEqual(hashed(jar, []))
  })

  it('is true of its bytes also where headers lie', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(jar.length - 1), fc.nat(255)), { minLength: 1, maxLength: 200 }), (changes) => {
        const bytes = Buffer.from(jar)
        for (const [at, value] of changes) bytes[at] = value
        for (let at = bytes.indexOf('PK\u0003\u0004'); at >= 0; at = bytes.indexOf('PK\u0003\u0004', at + 4)) {
          const [, value = 0] = changes[at % changes.length] ?? []
          if (value % 3 === 0 && at + 22 <= bytes.length) bytes.writeUInt32LE(value * 1000, at + 18)
        }
        expectTrue(bytes, hashed(bytes, [bytes.length >> 1]))
      }),
      { seed: testSeed('lies'), numRuns: 30 },
    )
  })
})
