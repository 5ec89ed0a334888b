import type { ProvenEntries, ProvenEntry } from '#lib/audit/entry'
import { newestHead, proveUnder, type ProvenHead } from '#lib/audit/internal/prove'
import type { Tx } from '#lib/platform/database'

/** Entries of some subjects that one answer has at most; the oldest ones, because a beginning tells more than an end. */
const mostEntries = 1000

/**
 * Every entry about some subjects (`kind:id`), oldest first, each with the proof that it is in the log which one checkpoint signs.
 * An entry that no checkpoint covers yet has `proof: null`.
 * @param under a head that was read before, so that several answers lead to the same one; the newest when absent
 */
export async function proveSubjects(tx: Tx, log: string, subjects: readonly string[], under?: ProvenHead | null): Promise<ProvenEntries> {
  const head = under === undefined ? await newestHead(tx, log) : (under ?? undefined)
  const rows = await tx.$queryRaw<{ id: string; content: string; hash: string; seq: bigint | null }[]>`
    select e.id, e.content, e.hash, c.seq from audit_entry e left join audit_chain c on c.entry_id = e.id
    where e.log = ${log} and e.subject = any(${[...subjects]}) order by e.at, e.id limit ${mostEntries}`
  const size = head?.checkpoint.size ?? 0
  const covered = rows.flatMap(({ id, content, seq }) => (seq !== null && seq < size ? [{ id, content, seq: Number(seq) }] : []))
  const proofs = head ? await proveUnder(tx, log, head, covered) : []
  const byId = new Map(proofs.map((proof) => [proof.entryId, proof.proof]))
  return {
    head: head ?? null,
    entries: rows.map(({ id, content, hash, seq }): ProvenEntry => {
      return { id, content, hash, seq: seq === null ? null : Number(seq), proof: byId.get(id) ?? null }
    }),
  }
}
