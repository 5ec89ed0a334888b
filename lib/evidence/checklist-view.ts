// What pages and machines see of checklists, and what they may send.
import { z } from 'zod'
import type { Collection, ControlId } from '#lib/evidence/controls'
import type { SignOffState } from '#lib/evidence/checklist'
import type { VerificationKey } from '#lib/evidence/dsse'
import type { EvidenceOrigin, EvidenceOutcome } from '#lib/evidence/facts'
import type { ItemStatus } from '#lib/evidence/item'
import type { Verdict } from '#lib/platform/refusal'

const slug = z.string().min(1).max(100)
const subject = { application: slug, environment: slug, release: slug }

/** The largest file that is taken as evidence. */
export const maxEvidenceBytes = 32 * 1024 ** 2

export const listChecklistsInput = z.strictObject({ application: slug.optional(), environment: slug.optional() })
export const checklistInput = z.strictObject(subject)

const attached = {
  ...subject,
  /** The id of a control: `alert-wiring`, … */
  control: z.string().min(1).max(60),
  /** Which part of a control that needs several: `data` or `secrets` of `recovery`. */
  part: z.string().max(60).default(''),
  outcome: z.enum(['pass', 'fail', 'skipped']).default('pass'),
  /** One sentence: what it shows. */
  summary: z.string().trim().min(1).max(500),
  /** When it was seen or done; now, when absent. */
  observedAt: z.iso.datetime({ offset: true }).optional(),
  /** `observability` asks what there is: monitors and alert rules, or alerts that are equivalent to them. */
  form: z.enum(['monitors', 'equivalent']).optional(),
  /** When equivalent alerts were fired once to try them. */
  testFiredAt: z.iso.datetime({ offset: true }).optional(),
}

/** A statement in words. */
export const attachStatementInput = z.strictObject({ ...attached, text: z.string().trim().min(1).max(100_000) })
export type AttachStatementInput = z.input<typeof attachStatementInput>

/** A file: its bytes are the body. */
export const attachFileInput = z.strictObject({
  ...attached,
  fileName: z.string().min(1).max(255),
  mediaType: z
    .string()
    .regex(/^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/, 'not a media type')
    .default('application/octet-stream'),
})
export type AttachFileInput = z.output<typeof attachFileInput>

const words = {
  meaning: z.string().trim().min(1).max(500),
  comment: z.string().trim().max(2000).default(''),
}
export const signOffTextInput = z.strictObject({ ...subject, ...words })
export const signChecklistInput = z.strictObject({
  ...subject,
  ...words,
  /** As the text that was shown has it. */
  preparedAt: z.iso.datetime(),
  /** sha256 of the text that was shown, `sha256:<hex>`. */
  statementDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
})
export type SignChecklistInput = z.input<typeof signChecklistInput>
export const oneEvidenceInput = z.strictObject({ evidence: z.string().min(1).max(100) })

export interface EvidenceView {
  id: string
  part: string
  outcome: EvidenceOutcome
  origin: EvidenceOrigin
  summary: string
  facts: Record<string, unknown>
  contentDigest: string
  mediaType: string
  sizeBytes: number
  /** '' for a text. */
  fileName: string
  /** Where a file is: `tenant/application@sha256:…`, a referrer of the image; '' for a text. */
  reference: string
  isOfThisRelease: boolean
  observedAt: string
  recordedAt: string
  recordedBy: { id: string; name: string }
  promotionId: string | null
  /** Its entry in the audit log is missing, or was found damaged. */
  isAtRisk: boolean
}

export interface ItemView {
  control: ControlId
  kind: 'evidence' | 'check'
  title: string
  says: string
  owner: string
  when: 'before' | 'after'
  collection: Collection
  parts: readonly { id: string; title: string }[]
  status: ItemStatus
  reason: string
  /** In minutes; null: it lasts as long as the digests. */
  ageLimit: number | null
  expiresAt: string | null
  evidence: EvidenceView[]
  waiver: { id: string; reason: string; grantedBy: { id: string; name: string }; endsAt: string } | null
  attach: Verdict
}

export interface SignOffView {
  id: string
  state: Exclude<SignOffState, 'unsigned'>
  /** Why it does not count any more; '' when it does. */
  reason: string
  signedBy: { id: string; name: string }
  signedAt: string
  authenticatedAt: string
  meaning: string
  comment: string
  checklistDigest: string
  /** The exact text that was signed. */
  statement: string
  /** DSSE, as JSON text. */
  envelope: string
  /** The content that was signed. */
  content: string
  /** `tenant/application@sha256:…`, a referrer of the image. */
  reference: string
}

/** A signature that another one took the place of. */
export interface EarlierSignOff {
  id: string
  signedBy: { id: string; name: string }
  signedAt: string
  meaning: string
  comment: string
  checklistDigest: string
  /** DSSE, as JSON text. */
  envelope: string
}

export interface ChecklistView {
  application: { slug: string; name: string }
  environment: { slug: string; name: string; isProtected: boolean }
  release: { id: string; name: string; components: { name: string; repository: string; digest: string }[] }
  /** It is what runs there now. */
  isRunning: boolean
  template: number
  items: ItemView[]
  /** Canonical JSON of what a sign-off covers, and its digest. */
  content: string
  digest: string
  isReadyToSign: boolean
  isComplete: boolean
  settled: number
  signOff: SignOffView | null
  approval: { promotionId: string; approvedBy: { id: string; name: string }[]; approvedAt: string; expiresAt: string; configRevision: number } | null
  /** What the audit log's last verification found; while there is anything, its evidence is at risk. */
  risks: string[]
  key: VerificationKey
  sign: Verdict
}

export interface ChecklistSummary {
  application: { slug: string; name: string }
  environment: { slug: string; name: string; rank: number }
  release: { name: string; digest: string }
  isRunning: boolean
  settled: number
  total: number
  /** Statuses that stand in the way, with the titles of their items. */
  open: { title: string; status: ItemStatus }[]
  signOffState: SignOffState
  isComplete: boolean
  isAtRisk: boolean
}

export interface SignOffTextView {
  /** The exact text that will be signed. */
  text: string
  digest: string
  preparedAt: string
  sign: Verdict
}
