import { z } from 'zod'

// A log as JSONL: one header, every sealed entry in order of its place, one end. All that an offline verifier needs.

export const exportHeaderSchema = z.strictObject({
  type: z.literal('caisson-audit-log'),
  version: z.literal(1),
  log: z.string(),
  origin: z.string(),
  exportedAt: z.string(),
  exportedBy: z.string(),
  /** The key of checkpoints. Trust the copy that you kept from before, not this one. */
  verifierLine: z.string(),
  /** How many entries follow. */
  size: z.number().int().min(0),
  /** Signed notes, smallest size first. */
  checkpoints: z.array(z.string()),
})

export const exportEntrySchema = z.strictObject({
  type: z.literal('entry'),
  seq: z.number().int().min(0),
  id: z.string(),
  /** The canonical text that was hashed. */
  content: z.string(),
  contentHash: z.string(),
  keyId: z.string(),
  hmac: z.string(),
  prevHash: z.string(),
  hash: z.string(),
})

export const exportEndSchema = z.strictObject({ type: z.literal('end'), entries: z.number().int() })

export type ExportHeader = z.output<typeof exportHeaderSchema>
export type ExportEntry = z.output<typeof exportEntrySchema>

/** The columns of the CSV form. The words come first; `content` and what follows it are what was hashed. */
export const csvColumns = [
  'seq',
  'at',
  'actor',
  'action',
  'subject',
  'subject name',
  'outcome',
  'reason',
  'request',
  'id',
  'content',
  'contentHash',
  'keyId',
  'hmac',
  'prevHash',
  'hash',
] as const
