// The Merkle tree of RFC 6962 §2.1 / RFC 9162 §2.1. Pure: an auditor's machine runs it without Caisson.
import { createHash } from 'node:crypto'

/** A full subtree: the hash over leaves [index·2^level, (index+1)·2^level). Level 0 are the leaf hashes. */
export interface TreeNode {
  level: number
  index: number
  hash: Buffer
}

/** The hash of a full subtree; throws when it is not known. */
export type NodeLookup = (level: number, index: number) => Buffer

/** Leaves [start, end). */
export interface LeafRange {
  start: number
  end: number
}

/** MTH({}) of RFC 6962 §2.1: SHA-256 of nothing. */
export const emptyRoot: Buffer = createHash('sha256').digest()

/** SHA-256(0x00 ‖ data): the prefix keeps a leaf from passing as a node. */
export function leafHash(data: string | Uint8Array): Buffer {
  return createHash('sha256').update('\0').update(data).digest()
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update('\x01').update(left).update(right).digest()
}

/** The right edge of a growing tree: all that is needed to append leaves and to tell the root, O(log size). */
export interface Frontier {
  readonly size: number
  /** Adds a leaf hash and returns the full subtrees that it completes, lowest first (the leaf itself is one). */
  append(leaf: Buffer): TreeNode[]
  root(): Buffer
}

/** Starts at a tree of `size` leaves whose full subtrees `lookup` knows. */
export function frontierAt(size: number, lookup: NodeLookup): Frontier {
  let current = size
  const peaks = fullSubtrees({ start: 0, end: size }).map(({ level, index }) => ({ level, index, hash: lookup(level, index) }))
  return {
    get size() {
      return current
    },
    append(leaf) {
      const completed: TreeNode[] = []
      let node: TreeNode = { level: 0, index: current, hash: leaf }
      completed.push(node)
      for (let last = peaks.at(-1); last && last.level === node.level; last = peaks.at(-1)) {
        peaks.pop()
        node = { level: node.level + 1, index: last.index / 2, hash: nodeHash(last.hash, node.hash) }
        completed.push(node)
      }
      peaks.push(node)
      current += 1
      return completed
    },
    root: () => foldPeaks(peaks.map(({ hash }) => hash)),
  }
}

const noNodes: NodeLookup = (level, index) => {
  throw new RangeError(`no node ${level}/${index}`)
}

/** A tree without leaves. */
export function emptyFrontier(): Frontier {
  return frontierAt(0, noNodes)
}

/** The full subtrees that make up a range that begins where a full subtree may begin, left to right. */
export function fullSubtrees({ start, end }: LeafRange): { level: number; index: number }[] {
  const found: { level: number; index: number }[] = []
  for (let at = start; at < end;) {
    let width = 1
    let level = 0
    while (at % (width * 2) === 0 && at + width * 2 <= end) {
      width *= 2
      level += 1
    }
    found.push({ level, index: at / width })
    at += width
  }
  return found
}

/** The hash over a range that is a subtree of the tree (as those of the path functions are). */
export function rangeHash(range: LeafRange, lookup: NodeLookup): Buffer {
  return foldPeaks(fullSubtrees(range).map(({ level, index }) => lookup(level, index)))
}

function foldPeaks(peaks: readonly Buffer[]): Buffer {
  return peaks.length === 0 ? emptyRoot : peaks.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), peaks.at(-1) ?? emptyRoot)
}

/** PATH(m, D[n]) of RFC 6962 §2.1.1 as ranges, lowest sibling first. */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`no leaf ${index} in a tree of ${size}`)
  const path: LeafRange[] = []
  let [start, end] = [0, size]
  while (end - start > 1) {
    const middle = start + splitPoint(end - start)
    if (index < middle) {
      path.push({ start: middle, end })
      end = middle
    } else {
      path.push({ start, end: middle })
      start = middle
    }
  }
  return path.toReversed()
}

/** PROOF(m, D[n]) of RFC 6962 §2.1.2 as ranges. */
export function consistencyRanges(oldSize: number, size: number): LeafRange[] {
  if (!(oldSize >= 0 && oldSize <= size)) throw new RangeError(`a tree of ${size} has no past of ${oldSize}`)
  if (oldSize === 0 || oldSize === size) return []
  const path: LeafRange[] = []
  let [start, end] = [0, size]
  let isWhole = true
  while (oldSize !== end) {
    const middle = start + splitPoint(end - start)
    if (oldSize <= middle) {
      path.push({ start: middle, end })
      end = middle
    } else {
      path.push({ start, end: middle })
      start = middle
      isWhole = false
    }
  }
  if (!isWhole) path.push({ start, end })
  return path.toReversed()
}

/** The largest power of two below `size`. */
function splitPoint(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

/** RFC 9162 §2.1.3.2: whether the leaf is at `index` of the tree of `size` leaves with that root. */
export function verifyInclusion(leaf: Buffer, index: number, size: number, proof: readonly Buffer[], root: Buffer): boolean {
  if (!(Number.isSafeInteger(index) && index >= 0 && index < size)) return false
  let [node, last] = [index, size - 1]
  let hash = leaf
  for (const sibling of proof) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash)
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      hash = nodeHash(hash, sibling)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && hash.equals(root)
}

/** RFC 9162 §2.1.4.2: whether the tree with `oldRoot` is the beginning of the one with `root`. */
export function verifyConsistency(oldSize: number, size: number, proof: readonly Buffer[], oldRoot: Buffer, root: Buffer): boolean {
  if (!(oldSize >= 0 && oldSize <= size)) return false
  if (oldSize === 0) return proof.length === 0 && oldRoot.equals(emptyRoot)
  if (oldSize === size) return proof.length === 0 && oldRoot.equals(root)
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : [...proof]
  const [first, ...rest] = path
  if (!first) return false
  let [node, last] = [oldSize - 1, size - 1]
  while (node % 2 === 1) [node, last] = [half(node), half(last)]
  let [oldHash, newHash] = [first, first]
  for (const sibling of rest) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      oldHash = nodeHash(sibling, oldHash)
      newHash = nodeHash(sibling, newHash)
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      newHash = nodeHash(newHash, sibling)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && oldHash.equals(oldRoot) && newHash.equals(root)
}

// Division instead of a shift: sizes may pass 2^31.
const half = (value: number): number => Math.floor(value / 2)

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value))
}
