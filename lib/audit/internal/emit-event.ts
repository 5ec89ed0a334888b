import { isEventTopic } from '#lib/audit/event-topics'
import type { DescribedEntry } from '#lib/audit/internal/entry-row'
import { sha256Hex } from '#lib/platform/canonical-json'
import type { Context } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { emit } from '#lib/platform/outbox'

/** What others may hear of leaves with the entry itself: as an event in the same transaction, when somebody listens. */
export async function emitEvent(tx: Tx, ctx: Context, { entry, content }: DescribedEntry): Promise<void> {
  if (!ctx.tenant || !isEventTopic(entry.action)) return
  const { version: _version, log: _log, action, at, before: _before, ...data } = entry
  await emit(tx, { tenantId: ctx.tenant.id, topic: action, at, data: { tenant: ctx.tenant.slug, ...data, entryHash: sha256Hex(content) } })
}
