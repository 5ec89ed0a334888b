// The hash chain over a log and its verification. Pure: the sweep and an auditor's machine run the same lines.
import { createHash, hash } from 'node:crypto'
import { finding, type Finding, type FindingCode } from '#lib/audit/finding'
import { emptyFrontier, emptyRoot, leafHash, type Frontier, type TreeNode } from '#lib/audit/merkle'

/** prevHash of seq 0. */
export const firstPrevHash = '0'.repeat(64)

/** sha256(prevHash ‖ content) as hex: the 32 bytes of the previous hash, then the entry's text as UTF-8. */
export function chainHash(prevHash: string, content: string): string {
  return createHash('sha256').update(Buffer.from(prevHash, 'hex')).update(content).digest('hex')
}

export function contentHash(content: string): string {
  return hash('sha256', content, 'hex')
}

/** One place of the chain as it was stored. */
export interface SealedRecord {
  seq: number
  entryId: string
  prevHash: string
  hash: string
  /** null when the chain names an entry that is not there. */
  entry: { content: string; hash: string; keyId: string; hmac: string } | null
  /** The leaf hash in the stored tree; null when it is gone; undefined where no tree is at hand (an export). */
  leaf?: Buffer | null
  /** What the store repeats beside the text; undefined where there is none. */
  columns?: { matches(content: string): string | undefined }
}

/** A size and root that somebody signed, and where that was read. */
export interface SignedRoot {
  size: number
  root: Buffer
  source: string
}

export interface VerifierOptions {
  log: string
  /** Whether the log's key made this HMAC; 'unknown' where the key is not at hand. */
  checkHmac?: (keyId: string, hash: string, hmac: string) => boolean | 'unknown'
  /** The stored leaf of a place that the chain has lost, where a tree is at hand. */
  lostLeaf?: (seq: number) => Buffer | undefined
  /** Where to start: a verified tree. From the beginning when absent. */
  from?: { frontier: Frontier; prevHash: string }
}

// A log that was shifted as a whole differs everywhere after the first place; this many tell the story.
const mostDifferences = 10_000
const mostFindings = 100

interface Difference {
  record: SealedRecord
  actual: string
  recorded: string
  own: Finding | undefined
}

/**
 * Walks a log in order. `push` each stored place with the nodes that the store has for it, then `finish`.
 * One act of tampering gives one finding where that can be told: after a bad link the next one is not blamed for it.
 */
export class LogVerifier {
  readonly #options: VerifierOptions
  readonly #frontier: Frontier
  readonly #signed: SignedRoot[]
  readonly #findings: Finding[] = []
  readonly #differences: Difference[] = []
  #prevHash: string
  #isPreviousTrusted = true
  #lastGoodSize = 0
  #rewritten: Finding | undefined
  #brokenNode: Finding | undefined

  constructor(options: VerifierOptions, signed: readonly SignedRoot[] = []) {
    this.#options = options
    this.#frontier = options.from?.frontier ?? emptyFrontier()
    this.#prevHash = options.from?.prevHash ?? firstPrevHash
    this.#signed = signed.toSorted((a, b) => a.size - b.size)
    this.#compareRoots()
  }

  get size(): number {
    return this.#frontier.size
  }

  root(): Buffer {
    return this.#frontier.root()
  }

  /** @param storedNode the stored hash of a full subtree above the leaves, where a tree is at hand */
  push(record: SealedRecord, storedNode?: (level: number, index: number) => Buffer | undefined): void {
    this.#fillGap(record)
    if (record.seq < this.#frontier.size) {
      this.#add(finding('reordered', record.seq, record.entryId, `Place ${record.seq} comes twice or out of order.`))
      return
    }
    const own = this.#examine(record)
    const actual = record.entry ? leafHash(record.entry.content) : undefined
    const differs = record.leaf !== undefined && actual !== undefined && !(record.leaf?.equals(actual) ?? false)
    if (differs && actual && this.#differences.length < mostDifferences) {
      this.#differences.push({ record, actual: actual.toString('hex'), recorded: record.leaf?.toString('hex') ?? '', own })
    } else if (own) {
      this.#add(own)
    }
    // A place that is wrong in itself goes into the tree as it was sealed, so that the signed roots still speak for the rest.
    const leaf = own && record.leaf ? record.leaf : (actual ?? record.leaf ?? emptyRoot)
    this.#grow(leaf, storedNode, own !== undefined || differs)
    this.#prevHash = record.hash
    this.#isPreviousTrusted = own === undefined
  }

  /** Everything that was found, in order of place. `storedSize` is how many leaves the stored tree has. */
  finish(storedSize = 0): Finding[] {
    this.#classify()
    const promised = Math.max(storedSize, ...this.#signed.map(({ size }) => size))
    if (promised > this.#frontier.size) {
      const witness = this.#signed.findLast(({ size }) => size === promised)?.source ?? 'the stored tree'
      const missing = promised - this.#frontier.size
      this.#add(
        finding(
          'truncated',
          this.#frontier.size,
          null,
          `The log ends before place ${this.#frontier.size}; ${witness} says ${promised}: ${missing} missing.`,
        ),
      )
    }
    if (this.#rewritten) this.#add(this.#rewritten)
    if (this.#brokenNode && this.#findings.length === 0) this.#add(this.#brokenNode)
    return this.#findings.toSorted((a, b) => (a.seq ?? Infinity) - (b.seq ?? Infinity)).slice(0, mostFindings)
  }

  #add(found: Finding): void {
    if (this.#findings.length <= mostFindings * 2) this.#findings.push(found)
  }

  #fillGap(record: SealedRecord): void {
    const expected = this.#frontier.size
    if (record.seq <= expected) return
    const last = record.seq - 1
    const places = last === expected ? `place ${expected}` : `places ${expected} to ${last}`
    this.#add(finding('deleted', expected, null, `The chain has no ${places}.`))
    this.#isPreviousTrusted = false
    for (let seq = expected; seq < record.seq; seq += 1) this.#grow(this.#options.lostLeaf?.(seq) ?? emptyRoot, undefined, true)
  }

  /** What is wrong with this place in itself, the most telling thing first. */
  #examine(record: SealedRecord): Finding | undefined {
    const { entry, seq, entryId } = record
    const wrong = (code: FindingCode, words: string): Finding => finding(code, seq, entryId, words)
    if (!entry) return wrong('deleted', `Entry ${entryId} at place ${seq} is gone.`)
    if (contentHash(entry.content) !== entry.hash) return wrong('edited', `The text of entry ${entryId} at place ${seq} is not what was hashed.`)
    const isOurs = this.#options.checkHmac?.(entry.keyId, entry.hash, entry.hmac) ?? 'unknown'
    if (isOurs === false) return wrong('forged_hmac', `Entry ${entryId} at place ${seq} was not written with the key of this log.`)
    const said = identityOf(entry.content)
    if (said.log !== this.#options.log) return wrong('foreign', `Entry ${entryId} at place ${seq} is of the log ${said.log}.`)
    if (said.id !== entryId) return wrong('edited', `Place ${seq} names entry ${entryId}, its text says ${said.id}.`)
    const column = record.columns?.matches(entry.content)
    if (column) return wrong('edited', `The column ${column} of entry ${entryId} at place ${seq} is not what its text says.`)
    if (chainHash(record.prevHash, entry.content) !== record.hash)
      return wrong('chain_broken', `The hash at place ${seq} does not follow from its entry.`)
    if (this.#isPreviousTrusted && record.prevHash !== this.#prevHash) {
      return wrong('chain_broken', `Place ${seq} does not follow from place ${seq - 1}.`)
    }
    return undefined
  }

  #grow(leaf: Buffer, storedNode: ((level: number, index: number) => Buffer | undefined) | undefined, isExplained: boolean): void {
    const completed = this.#frontier.append(leaf)
    if (storedNode && !isExplained && !this.#brokenNode) {
      const broken = completed.find(({ level, index, hash }: TreeNode) => level > 0 && !(storedNode(level, index)?.equals(hash) ?? false))
      if (broken) {
        const words = `The stored tree is wrong at level ${broken.level}, node ${broken.index}.`
        this.#brokenNode = finding('tree_broken', broken.index * 2 ** broken.level, null, words)
      }
    }
    this.#compareRoots()
  }

  #compareRoots(): void {
    for (let next = this.#signed[0]; next && next.size <= this.#frontier.size; next = this.#signed[0]) {
      this.#signed.shift()
      if (next.size < this.#frontier.size) continue
      if (this.#frontier.root().equals(next.root)) {
        this.#lastGoodSize = next.size
      } else {
        const words = `The log has another root than ${next.source} signed at size ${next.size}; it agreed at size ${this.#lastGoodSize}.`
        this.#rewritten ??= finding('rewritten', this.#lastGoodSize, null, words)
      }
    }
  }

  /** Compares the entries that differ from the stored tree with one another: inserted, deleted, reordered, or changed. */
  #classify(): void {
    const [first, second] = this.#differences
    if (!first) return
    const recorded = new Set(this.#differences.map((difference) => difference.recorded))
    const actual = new Set(this.#differences.map((difference) => difference.actual))
    const { seq, entryId } = first.record
    const isShifted = second?.record.seq === seq + 1
    if (isShifted && second.actual === first.recorded && !recorded.has(first.actual)) {
      this.#add(finding('inserted', seq, entryId, `Entry ${entryId} was put in at place ${seq}; those after it moved up.`))
      return
    }
    if (isShifted && first.actual === second.recorded && !actual.has(first.recorded)) {
      this.#add(finding('deleted', seq, null, `The entry that was sealed at place ${seq} is gone; those after it moved down.`))
      return
    }
    for (const difference of this.#differences) this.#add(describeDifference(difference, recorded))
  }
}

function describeDifference({ record, actual, recorded, own }: Difference, allRecorded: ReadonlySet<string>): Finding {
  if (allRecorded.has(actual)) {
    return finding('reordered', record.seq, record.entryId, `Entry ${record.entryId} stands at place ${record.seq} and was sealed at another.`)
  }
  if (own) return own
  const words = recorded === '' ? 'has no leaf' : 'has another leaf'
  return finding('tree_broken', record.seq, record.entryId, `The stored tree ${words} for the entry at place ${record.seq}.`)
}

function identityOf(content: string): { id: string; log: string } {
  try {
    const { id, log } = JSON.parse(content) as { id?: unknown; log?: unknown }
    return { id: String(id), log: String(log) }
  } catch {
    return { id: '', log: '' }
  }
}
