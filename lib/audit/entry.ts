import { z } from 'zod'

/** The log of acts that belong to no tenant: sign-ins, creating tenants. */
export const platformLog = 'platform'

/** What an entry's text says. `version` tells how it was written, so that an older entry is never rewritten (T2). */
export const entryContentSchema = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  log: z.string(),
  /** The clock of the process that acted; the order of entries is their `seq`. */
  at: z.iso.datetime({ precision: 3 }),
  actor: z.strictObject({ kind: z.enum(['person', 'token', 'system', 'anonymous']), id: z.string(), name: z.string() }),
  /** noun.past-participle; of a denied one the verb or route that was refused. */
  action: z.string(),
  subject: z.strictObject({ kind: z.string(), id: z.string(), name: z.string().optional() }),
  outcome: z.enum(['done', 'denied', 'failed']),
  requestId: z.string(),
  before: z.record(z.string(), z.unknown()),
  after: z.record(z.string(), z.unknown()),
  reason: z.string(),
})
export type EntryContent = z.output<typeof entryContentSchema>

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

export interface EntryView extends EntryContent {
  /** sha256 hex of the entry's canonical text. */
  hash: string
  /** Its place in the log; null until it is sealed. */
  seq: number | null
}

/** Which entries somebody may read: all of the log, or those about what every member can see, and their own. */
export type EntrySight = { sees: 'log' } | { sees: 'open'; actorId: string }

export const listEntriesInput = z.strictObject({
  /** Id or part of the name of who acted. */
  actor: z.string().max(200).optional(),
  /** `promotion.approved`, or a beginning: `promotion.` */
  action: z.string().max(200).optional(),
  /** `kind`, `kind:id`, or part of the subject's name. */
  subject: z.string().max(200).optional(),
  outcome: z.enum(['done', 'denied', 'failed']).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  /** Exclusive. */
  to: z.iso.datetime({ offset: true }).optional(),
  /** Anywhere in the entry. */
  text: z.string().max(200).optional(),
  /** sha256:… or hex, or the first twelve digits or more: entries that name it, and the entry whose own hash it is. */
  digest: z
    .string()
    .regex(/^(sha(256|512):)?[0-9a-f]{12,128}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** Id of the last entry of the page before. */
  after: z.string().max(64).optional(),
})
export type ListEntriesInput = z.output<typeof listEntriesInput>

export const exportLogInput = z.strictObject({ format: z.enum(['jsonl', 'csv']).default('jsonl') })

export interface EntryPage {
  /** Newest first. */
  entries: EntryView[]
  next: string | null
}

export interface EntryProof {
  entryId: string
  seq: number
  /** The leaf's data: the entry's canonical text. */
  content: string
  leafHash: string
  /** Base64, lowest sibling first (RFC 6962 §2.1.1). */
  proof: string[]
  /** The signed checkpoint that the proof leads to. */
  checkpoint: { size: number; root: string; note: string }
  verifierLine: string
}

/** An entry with the way from its leaf to the root of a checkpoint that stands beside it. */
export interface ProvenEntry {
  id: string
  /** null until it is sealed. */
  seq: number | null
  content: string
  /** sha256 hex of the content. */
  hash: string
  /** Base64, lowest sibling first (RFC 6962 §2.1.1); null while no checkpoint covers the entry. */
  proof: string[] | null
}

export interface ProvenEntries {
  /** null where nothing is signed yet. */
  head: Pick<EntryProof, 'checkpoint' | 'verifierLine'> | null
  /** Oldest first. */
  entries: ProvenEntry[]
}

/**
 * How an entry's text is repeated in the columns that are searched: without what PostgreSQL's text cannot hold, and
 * short enough for an index.
 */
export function searchable(text: string): string {
  return wellFormed(text).replaceAll('\0', '\u{FFFD}').slice(0, 500)
}

/** Lone surrogates have no UTF-8 and no canonical JSON (RFC 8785 §3.2.2.2): U+FFFD stands for them. */
export function wellFormed(text: string): string {
  return text.toWellFormed()
}

export function subjectColumn(subject: { kind: string; id: string }): string {
  return searchable(`${subject.kind}:${subject.id}`)
}
