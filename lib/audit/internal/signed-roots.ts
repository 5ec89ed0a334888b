// What was signed about a log so far, from every place that remembers it. A stored checkpoint counts only when it opens.
import type { SignedRoot } from '#lib/audit/chain'
import { openCheckpoint, originOf } from '#lib/audit/checkpoint'
import { finding, type Finding } from '#lib/audit/finding'
import { newestAnchor, readAnchors, readLastSigned, type AnchorFile } from '#lib/audit/internal/anchors'
import { checkpointVerifier } from '#lib/audit/internal/audit-keys'
import type { Tx } from '#lib/platform/database'

export interface SignedHistory {
  /** Smallest first within each source. */
  roots: SignedRoot[]
  findings: Finding[]
  newestAnchorSize: number | null
}

interface StoredNote {
  size: number
  root: string | undefined
  note: string
  source: string
}

/** Everything signed (`all`), or only the newest of each place, which is what signing the next one needs. */
export async function signedHistory(tx: Tx, log: string, which: 'all' | 'newest'): Promise<SignedHistory> {
  const rows = await tx.$queryRaw<{ size: bigint; root: string; note: string }[]>`
    select size, root, note from audit_checkpoint where log = ${log} order by size desc limit ${which === 'newest' ? 1 : null}::int`
  const anchors = which === 'all' ? readAnchors(log) : [newestAnchor(log)].filter((anchor): anchor is AnchorFile => anchor !== undefined)
  const stored = rows.map(({ size, root, note }): StoredNote => ({ size: Number(size), root, note, source: 'the checkpoint in the database' }))
  const outside = anchors.map(({ size, note }): StoredNote => ({ size, root: undefined, note, source: 'the anchor' }))
  const lastSigned = readLastSigned(log)
  const findings: Finding[] = []
  const roots = [...open(log, stored, findings), ...open(log, outside, findings)]
  if (lastSigned) roots.push({ size: lastSigned.size, root: Buffer.from(lastSigned.root, 'base64'), source: 'the signer' })
  const newestAnchorSize = anchors.at(-1)?.size ?? null
  compareWithAnchors(stored, newestAnchorSize, findings)
  return { roots, findings, newestAnchorSize }
}

function open(log: string, notes: readonly StoredNote[], findings: Finding[]): SignedRoot[] {
  const verifier = checkpointVerifier(log)
  if (!verifier) {
    if (notes.length > 0 && !findings.some(({ code }) => code === 'key_missing')) {
      findings.push(finding('key_missing', null, null, 'The data directory has no key for checkpoints, so that none can be checked.'))
    }
    return []
  }
  return notes.flatMap(({ size, root, note, source }) => {
    const checkpoint = openCheckpoint(note, verifier)
    const isSame =
      checkpoint?.origin === originOf(log) &&
      checkpoint.size === size &&
      (root ?? checkpoint.root.toString('base64')) === checkpoint.root.toString('base64')
    if (checkpoint && isSame) return [{ size, root: checkpoint.root, source }]
    findings.push(finding('checkpoint_forged', size, null, `${capital(source)} at size ${size} is not one that this log's key signed.`))
    return []
  })
}

function compareWithAnchors(stored: readonly StoredNote[], anchorSize: number | null, findings: Finding[]): void {
  // An anchor is written before its row, so that the rows are never ahead of the anchors.
  const promised = Math.max(0, ...stored.map(({ size }) => size))
  if (stored.length > 0 && anchorSize === null) {
    findings.push(finding('anchor_missing', null, null, `No checkpoint is left outside the database; one of size ${promised} was signed.`))
  } else if (anchorSize !== null && anchorSize < promised) {
    const words = `The newest anchor has size ${anchorSize}, the database has a checkpoint of size ${promised}.`
    findings.push(finding('anchor_rolled_back', anchorSize, null, words))
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
