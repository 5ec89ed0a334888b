// A backup: one archive of database, blobs and keys, sealed under a passphrase, that says what it holds and what it leaves out.
import { z } from 'zod'
import type { ScheduleView } from '#lib/operations/schedule'
import type { Verdict } from '#lib/platform/refusal'

export const backupStates = ['requested', 'running', 'completed', 'incomplete', 'failed'] as const
export type BackupState = (typeof backupStates)[number]

/** The shortest passphrase that is taken; whoever has the archive may guess for as long as they like. */
export const shortestPassphrase = 12

/** What is no state of the installation, or no state that another machine should wake up with. The manifest says so. */
export const excluded: Readonly<Record<string, string>> = {
  live_event: 'news for open pages, thrown away after an hour',
  replica: 'observations of what runs on this machine; they are made anew',
  session: 'everybody signs in again',
  sign_in_throttle: 'counters of failed sign-ins',
  blob_upload: 'uploads under way',
}

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/)
const count = z.number().int().min(0)

export const logHeadSchema = z.strictObject({
  log: z.string(),
  size: count,
  /** Hash of the last place of the chain; '' for an empty one. */
  hash: z.string(),
})
export type LogHead = z.output<typeof logHeadSchema>

/** The first part of an archive: enough to refuse it before anything else is read. */
export const beginSchema = z.strictObject({
  backupId: z.string(),
  createdAt: z.string(),
  createdBy: z.string(),
  /** Names of the migrations that the database had, in order. */
  migrations: z.array(z.string()).min(1),
})
export type BackupBegin = z.output<typeof beginSchema>

export const partSchema = z.strictObject({ name: z.string(), sizeBytes: count, sha256: z.string() })

/** The last part of an archive. */
export const manifestSchema = beginSchema.extend({
  parts: z.array(partSchema),
  /** Rows by table. */
  rows: z.record(z.string(), count),
  heads: z.array(logHeadSchema),
  blobs: z.strictObject({ count, sizeBytes: count, damaged: z.array(z.string()) }),
  /** What is left out, and why. */
  excluded: z.record(z.string(), z.string()),
  tenants: z.array(z.strictObject({ id: z.string(), rows: count, blobs: count, blobBytes: count, digest })),
})
export type BackupManifest = z.output<typeof manifestSchema>

/** What is kept of the manifest beside the record of a backup. */
export interface BackupSummary {
  rows: number
  tables: number
  blobs: number
  blobBytes: number
  damaged: string[]
  tenants: number
  heads: LogHead[]
  excluded: Record<string, string>
  schema: string
}

/** What came of bringing a backup back. */
export interface RestoreReport {
  backupId: string
  createdAt: string
  digest: string
  sizeBytes: number
  summary: BackupSummary
  /** Ids of the tenants in it. */
  tenants: string[]
  /** rows, blobs, tags, heads, secrets, logs. */
  checks: { name: string; isOk: boolean; words: string }[]
  isVerified: boolean
  tookMs: number
}

export interface BackupView {
  id: string
  state: BackupState
  requestedAt: string
  requestedBy: string
  startedAt: string | null
  finishedAt: string | null
  path: string
  sizeBytes: number
  /** sha256 of the archive; '' until it is written. */
  digest: string
  summary: BackupSummary | null
  outcome: string
}

export interface BackupListView {
  items: BackupView[]
  /** Whether a backup can be made from here; the passphrase is a file on the server. */
  mayRun: Verdict
  folder: string
  /** The daily one; null where none is set. */
  schedule: ScheduleView | null
}

/** What a completed backup holds of a tenant. */
export interface BackupPartView {
  backupId: string
  completedAt: string
  logSize: number
  logHash: string
  rows: number
  blobs: number
  blobBytes: number
  /** sha256 over the tenant's rows in the archive. */
  digest: string
}

export const drillKinds = ['data', 'secrets'] as const
export type DrillKind = (typeof drillKinds)[number]

export interface DrillView {
  id: string
  kind: DrillKind
  at: string
  by: string
  backupDigest: string
  backupAt: string
  sizeBytes: number
  tookMs: number
  result: 'passed' | 'failed'
  detail: string
}

export interface TenantBackupsView {
  /** Newest first. */
  parts: BackupPartView[]
  drills: DrillView[]
}

/** The newest proof of each kind, for gates and checklists. */
export interface BackupFacts {
  backup: { id: string; completedAt: Date; digest: string } | null
  drills: Record<DrillKind, { at: Date; backupDigest: string } | null>
}

export const runBackupInput = z.strictObject({})
