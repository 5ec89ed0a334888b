import type { EntryInput } from '#lib/audit/entry'
import { emitEvent } from '#lib/audit/internal/emit-event'
import { describeEntry, entryRows, rowMaker } from '#lib/audit/internal/entry-row'
import type { Context } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { gather } from '#lib/platform/gathered'

export type { EntryInput } from '#lib/audit/entry'

/**
 * Appends one entry to the log of the context's tenant (the platform's without one), in the transaction of the change:
 * when it throws, the change does not happen. What is hashed is the text that is stored (T1). Its place in the chain is
 * given later (docs/decisions/0040).
 */
export async function appendEntry(tx: Tx, ctx: Context, input: EntryInput): Promise<void> {
  const described = describeEntry(ctx, input)
  gather(tx, entryRows, rowMaker(described.entry.log)(described))
  await emitEvent(tx, ctx, described)
}
