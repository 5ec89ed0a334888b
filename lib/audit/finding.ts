/**
 * What a verification found, each with its own code:
 * - `edited`: the text, or a column that repeats it, is not what was hashed
 * - `forged_hmac`: text and hash agree, but whoever wrote them did not have the log's key
 * - `deleted`: a sealed entry, or its place in the chain, is gone
 * - `inserted`: an entry that was never sealed, or stands where another stood
 * - `reordered`: an entry stands at a place that another was sealed at
 * - `foreign`: an entry of another log
 * - `chain_broken`: a link does not follow from the one before it
 * - `tree_broken`: the stored tree does not follow from the entries
 * - `truncated`: the log is shorter than a signed checkpoint says
 * - `rewritten`: the log has another root than a signed checkpoint says
 * - `checkpoint_forged`: a stored checkpoint that this log's key did not sign
 * - `anchor_missing`, `anchor_rolled_back`: the copies outside the database are gone, or older than what was signed
 * - `key_missing`: the key that would tell is not in the data directory
 */
export const findingCodes = [
  'edited',
  'forged_hmac',
  'deleted',
  'inserted',
  'reordered',
  'foreign',
  'chain_broken',
  'tree_broken',
  'truncated',
  'rewritten',
  'checkpoint_forged',
  'anchor_missing',
  'anchor_rolled_back',
  'key_missing',
] as const
export type FindingCode = (typeof findingCodes)[number]

export interface Finding {
  code: FindingCode
  /** The place in the chain, from 0; null where it has none. */
  seq: number | null
  entryId: string | null
  /** One sentence: what is wrong, and where. */
  words: string
}

export function finding(code: FindingCode, seq: number | null, entryId: string | null, words: string): Finding {
  return { code, seq, entryId, words }
}

export interface LogStatus {
  log: string
  entries: number
  sealed: number
  unsealed: number
  /** Age of the oldest entry that waits to be sealed, in ms; 0 when none does. */
  oldestUnsealedMs: number
  /** An entry waits for longer than five seconds: an alarm. */
  isSealingLate: boolean
  /** The newest signed checkpoint in the database. */
  checkpoint: { size: number; root: string; at: string; origin: string } | null
  /** The newest one outside the database. */
  anchor: { size: number; at: string } | null
  /** Sealed entries that no checkpoint outside the database covers yet. */
  newerThanAnchor: number
  /** The last full verification; null: not checked yet. */
  verification: { at: string; size: number } | null
  findings: Finding[]
  verifierLine: string
}

export interface VerificationReport {
  log: string
  /** Slug of its tenant; 'platform' for the platform's, the id where the tenant is not known. */
  name: string
  isOk: boolean
  size: number
  unsealed: number
  oldestUnsealedMs: number
  anchorSize: number | null
  newerThanAnchor: number
  findings: Finding[]
  tookMs: number
}
