import { platformLog, type EntryProof, type EntrySight } from '#lib/audit/entry'
import { newestHead, proveUnder } from '#lib/audit/internal/prove'
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
    const head = await newestHead(tx, log)
    if (entry.seq === null || !head || head.checkpoint.size <= entry.seq) {
      throw new Refusal('conflict', `No checkpoint covers the entry ${input.id} yet.`, { fix: 'Ask again in a second.' })
    }
    const [proof] = await proveUnder(tx, log, head, [{ id: input.id, seq: Number(entry.seq), content: entry.content }])
    if (!proof) throw new TypeError('one entry has no proof')
    return { ...proof, ...head }
  })
}
