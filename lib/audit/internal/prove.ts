import { openCheckpoint, verifierLine } from '#lib/audit/checkpoint'
import type { EntryProof } from '#lib/audit/entry'
import { checkpointVerifier } from '#lib/audit/internal/audit-keys'
import { loadNodes } from '#lib/audit/internal/log-store'
import { fullSubtrees, inclusionRanges, leafHash, rangeHash } from '#lib/audit/merkle'
import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'

/** What a proof leads to: a size and root that the log's key signed. */
export interface ProvenHead {
  checkpoint: EntryProof['checkpoint']
  verifierLine: string
}

/** The newest checkpoint of a log; undefined where nothing is signed yet. Refuses one that the log's key did not sign. */
export async function newestHead(tx: Tx, log: string): Promise<ProvenHead | undefined> {
  const row = await tx.auditCheckpoint.findFirst({ where: { log }, orderBy: { size: 'desc' } })
  if (!row) return undefined
  const verifier = checkpointVerifier(log)
  if (!verifier || !openCheckpoint(row.note, verifier)) {
    throw new Refusal('unavailable', 'The newest checkpoint is not one that this log signed.', { fix: 'Run `caisson audit verify`.' })
  }
  return { checkpoint: { size: Number(row.size), root: row.root, note: row.note }, verifierLine: verifierLine(verifier) }
}

/** Inclusion proofs of sealed entries under one head (RFC 6962 §2.1.1), in one statement; every `seq` is below its size. */
export async function proveUnder(
  tx: Tx,
  log: string,
  head: ProvenHead,
  entries: readonly { id: string; seq: number; content: string }[],
): Promise<Omit<EntryProof, keyof ProvenHead>[]> {
  const ranges = entries.map(({ seq }) => inclusionRanges(seq, head.checkpoint.size))
  const lookup = await loadNodes(tx, log, ranges.flat().flatMap(fullSubtrees))
  return entries.map(({ id, seq, content }, index) => ({
    entryId: id,
    seq,
    content,
    leafHash: leafHash(content).toString('hex'),
    proof: (ranges[index] ?? []).map((range) => rangeHash(range, lookup).toString('base64')),
  }))
}
