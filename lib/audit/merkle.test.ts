import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  consistencyRanges,
  emptyFrontier,
  frontierAt,
  fullSubtrees,
  inclusionRanges,
  leafHash,
  rangeHash,
  verifyConsistency,
  verifyInclusion,
  type NodeLookup,
} from '#lib/audit/merkle'
import { testSeed } from '#lib/testing/seed'

// RFC 6962 §2.1 word for word, with nothing of ours.
const sha256 = (...parts: (string | Buffer)[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
function naiveRoot(data: readonly string[]): Buffer {
  if (data.length === 0) return sha256('')
  if (data.length === 1) return sha256(Buffer.from([0]), data[0] ?? '')
  let k = 1
  while (k * 2 < data.length) k *= 2
  return sha256(Buffer.from([1]), naiveRoot(data.slice(0, k)), naiveRoot(data.slice(k)))
}

const mostLeaves = 257
const data = Array.from({ length: mostLeaves }, (_, index) => `entry ${index} ü`)

function grow(): { lookup: NodeLookup; roots: Buffer[] } {
  const nodes = new Map<string, Buffer>()
  const frontier = emptyFrontier()
  const roots = [frontier.root()]
  for (const text of data) {
    for (const { level, index, hash } of frontier.append(leafHash(text))) nodes.set(`${level}/${index}`, hash)
    roots.push(frontier.root())
  }
  const lookup: NodeLookup = (level, index) => {
    const hash = nodes.get(`${level}/${index}`)
    if (!hash) throw new RangeError(`no node ${level}/${index}`)
    return hash
  }
  return { lookup, roots }
}

describe('the Merkle tree', () => {
  const { lookup, roots } = grow()
  const seed = testSeed('merkle proofs')

  it('has the roots of RFC 6962 for every size, and goes on from stored nodes', () => {
    for (let size = 0; size <= mostLeaves; size += 1) {
      const expected = naiveRoot(data.slice(0, size)).toString('hex')
      expect(roots[size]?.toString('hex')).toBe(expected)
      expect(frontierAt(size, lookup).root().toString('hex')).toBe(expected)
    }
  })

  it('proves every leaf of random sizes, and no other leaf, place, size or root', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: mostLeaves }), fc.nat(), fc.nat(), (size, pick, noise) => {
        const index = pick % size
        const proof = inclusionRanges(index, size).map((range) => rangeHash(range, lookup))
        const root = roots[size] ?? Buffer.alloc(0)
        const leaf = leafHash(data[index] ?? '')
        expect(verifyInclusion(leaf, index, size, proof, root)).toBe(true)
        expect(verifyInclusion(flip(leaf, noise), index, size, proof, root)).toBe(false)
        expect(verifyInclusion(leaf, index, size, proof, flip(root, noise))).toBe(false)
        expect(verifyInclusion(leaf, index, size, [...proof, leaf], root)).toBe(false)
        const other = (index + 1 + (noise % Math.max(1, size - 1))) % size
        expect(verifyInclusion(leaf, other, size, proof, root)).toBe(other === index)
        const broken = proof.length === 0 ? [] : [proof.slice(1), flipOne(proof, noise)]
        for (const path of broken) expect(verifyInclusion(leaf, index, size, path, root)).toBe(false)
      }),
      { seed, numRuns: 2000 },
    )
  })

  it('proves that a tree is the beginning of a later one, and of no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: mostLeaves }), fc.nat(), fc.nat(), (size, pick, noise) => {
        const oldSize = pick % (size + 1)
        const proof = consistencyRanges(oldSize, size).map((range) => rangeHash(range, lookup))
        const [oldRoot, root] = [roots[oldSize] ?? Buffer.alloc(0), roots[size] ?? Buffer.alloc(0)]
        expect(verifyConsistency(oldSize, size, proof, oldRoot, root)).toBe(true)
        expect(verifyConsistency(oldSize, size, proof, flip(oldRoot, noise), root)).toBe(false)
        // Every tree begins with the empty one, whatever its root.
        expect(verifyConsistency(oldSize, size, proof, oldRoot, flip(root, noise))).toBe(oldSize === 0)
        const broken = proof.length === 0 ? [] : [proof.slice(1), flipOne(proof, noise)]
        for (const path of broken) expect(verifyConsistency(oldSize, size, path, oldRoot, root)).toBe(false)
      }),
      { seed, numRuns: 2000 },
    )
  })

  it('names as path only ranges that are subtrees of the tree', () => {
    for (let size = 1; size <= 64; size += 1) {
      for (let index = 0; index < size; index += 1) {
        for (const range of inclusionRanges(index, size)) {
          expect(range.start <= index && index < range.end).toBe(false)
          const width = fullSubtrees(range).reduce((sum, { level }) => sum + 2 ** level, 0)
          expect(width).toBe(range.end - range.start)
        }
      }
    }
  })
})

function flip(bytes: Buffer, noise: number): Buffer {
  const copy = Buffer.from(bytes)
  const at = noise % copy.length
  copy[at] = (copy[at] ?? 0) ^ (1 << (noise % 8))
  return copy
}

function flipOne(proof: readonly Buffer[], noise: number): Buffer[] {
  const place = noise % proof.length
  return proof.map((hash, index) => (index === place ? flip(hash, noise) : hash))
}
