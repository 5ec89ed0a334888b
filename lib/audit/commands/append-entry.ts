import { entryContentSchema, platformLog, searchable, subjectColumn, wellFormed, type EntryContent } from '#lib/audit/entry'
import { isEventTopic } from '#lib/audit/event-topics'
import { currentKeyId, entryHmac } from '#lib/audit/internal/audit-keys'
import { canonicalJson, sha256Hex } from '#lib/platform/canonical-json'
import { actorId, type Actor, type Context } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { emit } from '#lib/platform/outbox'

export interface EntryInput {
  /** noun.past-participle: `promotion.approved`. A denied one has the verb that was refused. */
  action: string
  subject: { kind: string; id: string; name?: string }
  outcome?: 'done' | 'denied' | 'failed'
  /** Field names and values that are no secret. A bigint is kept as its decimal digits, a date as its ISO text. */
  before?: Record<string, unknown>
  after?: Record<string, unknown>
  reason?: string
}

/**
 * Appends one entry to the log of the context's tenant (the platform's without one), in the transaction of the change:
 * when it throws, the change does not happen. What is hashed is the text that is stored (T1). Its place in the chain is
 * given later (docs/decisions/0040).
 */
export async function appendEntry(tx: Tx, ctx: Context, input: EntryInput): Promise<void> {
  const entry = describe(ctx, input)
  const content = canonicalJson(entry)
  const hash = sha256Hex(content)
  const keyId = currentKeyId(entry.log)
  await tx.auditEntry.create({
    data: {
      id: entry.id,
      log: entry.log,
      content,
      hash,
      keyId,
      hmac: entryHmac(entry.log, keyId, hash),
      at: new Date(entry.at),
      actor: searchable(entry.actor.id),
      action: searchable(entry.action),
      subject: subjectColumn(entry.subject),
      outcome: entry.outcome,
      requestId: searchable(entry.requestId),
    },
    select: { id: true },
  })
  await emitEvent(tx, ctx, entry, hash)
}

/** What others may hear of leaves with the change itself: as an event in the same transaction, when somebody listens. */
async function emitEvent(tx: Tx, ctx: Context, entry: EntryContent, entryHash: string): Promise<void> {
  if (!ctx.tenant || !isEventTopic(entry.action)) return
  const { version: _version, log: _log, action, at, before: _before, ...data } = entry
  await emit(tx, { tenantId: ctx.tenant.id, topic: action, at, data: { tenant: ctx.tenant.slug, ...data, entryHash } })
}

function describe(ctx: Context, input: EntryInput): EntryContent {
  return entryContentSchema.parse(
    storable({
      version: 1,
      id: newId(),
      log: ctx.tenant?.id ?? platformLog,
      at: ctx.now().toISOString(),
      actor: { kind: ctx.actor.kind, id: actorId(ctx.actor), name: nameOf(ctx.actor) },
      action: input.action,
      subject: { kind: input.subject.kind, id: input.subject.id, ...(input.subject.name === undefined ? {} : { name: input.subject.name }) },
      outcome: input.outcome ?? 'done',
      requestId: ctx.requestId,
      before: input.before ?? {},
      after: input.after ?? {},
      reason: input.reason ?? '',
    }),
  )
}

/** A value as JSON that canonical JSON takes: what a stranger sent must never be the reason that an entry cannot be written. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return wellFormed(value)
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : storable(item)))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[wellFormed(key), storable(item)]])))
}

function nameOf(actor: Actor): string {
  if ('email' in actor) return actor.email
  return 'name' in actor ? actor.name : ''
}
