// Entries that belong to no other change, each acknowledged after its commit; those that arrive while one batch is being
// written go together into the next one.
import { platformLog, type EntryInput } from '#lib/audit/entry'
import { emitEvent } from '#lib/audit/internal/emit-event'
import { describeEntry, entryRows, rowMaker, type DescribedEntry } from '#lib/audit/internal/entry-row'
import type { Context } from '#lib/platform/context'
import { gather } from '#lib/platform/gathered'

/** What one transaction takes at most. */
const mostAtOnce = 500
/** While one commit waits for the disk the next batch is on its way. */
const mostWriters = 2

interface Waiting {
  ctx: Context
  described: DescribedEntry
  settle: { done: () => void; fail: (error: unknown) => void }
}

interface Queue {
  waiting: Waiting[]
  writers: number
}

/** By log; one is there while its log is being written. */
const queues = new Map<string, Queue>()

/**
 * Appends one entry that stands for itself (a refusal, an export) to the log of the context's tenant. Resolves when it is
 * committed; rejects, with the others of its batch, when that cannot be. What belongs to a change is written with the
 * change, by `appendEntry`.
 */
export function appendOwnEntry(ctx: Context, input: EntryInput): Promise<void> {
  return new Promise((done, fail) => {
    const log = ctx.tenant?.id ?? platformLog
    const described = describeEntry(ctx, input)
    const queue = queues.get(log) ?? { waiting: [], writers: 0 }
    queues.set(log, queue)
    queue.waiting.push({ ctx, described, settle: { done, fail } })
    if (queue.writers < mostWriters) void writeAll(log, queue)
  })
}

async function writeAll(log: string, queue: Queue): Promise<void> {
  queue.writers += 1
  for (;;) {
    // Whoever asks in this turn of the event loop comes along, and whoever was just answered and has more to say.
    await new Promise((turn) => setImmediate(turn))
    const batch = queue.waiting.splice(0, mostAtOnce)
    const [first] = batch
    if (!first) break
    try {
      await write(first.ctx, log, batch)
      for (const { settle } of batch) settle.done()
    } catch (error) {
      for (const { settle } of batch) settle.fail(error)
    }
  }
  queue.writers -= 1
  if (queue.writers === 0) queues.delete(log)
}

async function write(ctx: Context, log: string, batch: readonly Waiting[]): Promise<void> {
  const toRow = rowMaker(log)
  await ctx.write(async (tx) => {
    for (const { ctx: own, described } of batch) {
      gather(tx, entryRows, toRow(described))
      await emitEvent(tx, own, described)
    }
  })
}
