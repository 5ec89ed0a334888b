import { openCheckpoint, verifierLine } from '#lib/audit/checkpoint'
import { platformLog, type EntryProof, type EntrySight } from '#lib/audit/entry'
import { checkpointVerifier } from '#lib/audit/internal/audit-keys'
import { loadNodes } from '#lib/audit/internal/log-store'
import { fullSubtrees, inclusionRanges, leafHash, rangeHash } from '#lib/audit/merkle'
import { visible } from '#lib/audit/queries/list-entries'
import type { Context } from '#lib/platform/context'
import { Refusal } from '#lib/platform/refusal'

/**
 * That an entry is in the log which the newest checkpoint signs (RFC 6962 §2.1.1). Refuses with `not_found` for an
 * entry that the reader cannot see, and with `conflict` for one that no checkpoint covers yet.
 */
export async function getEntryProof(ctx: Context, input: { id: string }, sight: EntrySight): Promise<EntryProof> {
  const log = ctx.tenant?.id ?? platformLog
  return ctx.read(async (tx) => {
    const [entry] = await tx.$queryRaw<{ content: string; seq: bigint | null }[]>`
      select e.content, c.seq from audit_entry e left join audit_chain c on c.entry_id = e.id
      where e.log = ${log} and e.id = ${input.id} and ${visible(sight)}`
    if (!entry) throw new Refusal('not_found', `There is no audit entry ${input.id} that you can see.`)
    const checkpoint = await tx.auditCheckpoint.findFirst({ where: { log }, orderBy: { size: 'desc' } })
    if (entry.seq === null || !checkpoint || checkpoint.size <= entry.seq) {
      throw new Refusal('conflict', `No checkpoint covers the entry ${input.id} yet.`, { fix: 'Ask again in a second.' })
    }
    const seq = Number(entry.seq)
    const size = Number(checkpoint.size)
    const verifier = checkpointVerifier(log)
    if (!verifier || !openCheckpoint(checkpoint.note, verifier)) {
      throw new Refusal('unavailable', 'The newest checkpoint is not one that this log signed.', { fix: 'Run `caisson audit verify`.' })
    }
    const ranges = inclusionRanges(seq, size)
    const lookup = await loadNodes(tx, log, ranges.flatMap(fullSubtrees))
    return {
      entryId: input.id,
      seq,
      content: entry.content,
      leafHash: leafHash(entry.content).toString('hex'),
      proof: ranges.map((range) => rangeHash(range, lookup).toString('base64')),
      checkpoint: { size, root: checkpoint.root, note: checkpoint.note },
      verifierLine: verifierLine(verifier),
    }
  })
}
