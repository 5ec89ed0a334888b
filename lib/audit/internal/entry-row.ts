// An entry as it is stored: what the two ways of appending one have in common.
import { entryContentSchema, platformLog, searchable, subjectColumn, wellFormed, type EntryContent, type EntryInput } from '#lib/audit/entry'
import { currentKeyId, entrySigner } from '#lib/audit/internal/audit-keys'
import { canonicalJson, sha256Hex } from '#lib/platform/canonical-json'
import { actorId, type Actor, type Context } from '#lib/platform/context'
import type { Gathering } from '#lib/platform/gathered'
import { Prisma } from '#lib/platform/generated/client'
import { newId } from '#lib/platform/id'

/** An entry with the text that is stored and hashed. */
export interface DescribedEntry {
  entry: EntryContent
  content: string
}

/** @throws when what was done cannot be said in an entry: a fault of the caller */
export function describeEntry(ctx: Context, input: EntryInput): DescribedEntry {
  const entry = entryContentSchema.parse(
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
  return { entry, content: canonicalJson(entry) }
}

/** Makes rows of a log's entries, with the HMAC of its key of now; the columns beside the text repeat it for searching. */
export function rowMaker(log: string): (described: DescribedEntry) => ReturnType<typeof rowOf> {
  const keyId = currentKeyId(log)
  const sign = entrySigner(log, keyId)
  return (described) => rowOf(described, keyId, sign)
}

function rowOf({ entry, content }: DescribedEntry, keyId: string, sign: (hash: string) => string) {
  const hash = sha256Hex(content)
  return {
    id: entry.id,
    log: entry.log,
    content,
    hash,
    keyId,
    hmac: sign(hash),
    at: new Date(entry.at),
    actor: searchable(entry.actor.id),
    action: searchable(entry.action),
    subject: subjectColumn(entry.subject),
    outcome: entry.outcome,
    requestId: searchable(entry.requestId),
  }
}

type EntryRow = ReturnType<typeof rowOf>

export const entryRows: Gathering<EntryRow> = {
  name: 'entries',
  write: (rows) => {
    const column = <K extends keyof EntryRow>(name: K) => rows.map((row) => row[name])
    return Prisma.sql`
      insert into audit_entry (id, log, content, hash, key_id, hmac, at, actor, action, subject, outcome, request_id)
      select * from unnest(${column('id')}::text[], ${column('log')}::text[], ${column('content')}::text[], ${column('hash')}::text[],
        ${column('keyId')}::text[], ${column('hmac')}::text[], ${column('at').map((at) => at.toISOString())}::timestamptz[], ${column('actor')}::text[],
        ${column('action')}::text[], ${column('subject')}::text[], ${column('outcome')}::text[], ${column('requestId')}::text[])`
  },
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
