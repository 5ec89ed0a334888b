// The auditor's desk: what reached production in a period, who held which duty, and what was out of the ordinary.
import { z } from 'zod'
import type { GateResult } from '#lib/promotions/gates'
import type { PromotionKind } from '#lib/promotions/promotion-kind'
import type { PersonView } from '#lib/promotions/promotion'
import type { PromotionState } from '#lib/promotions/promotion-state'
import type { Verdict } from '#lib/platform/refusal'

/** The longest period that is looked at in one go. */
export const longestPeriodDays = 400
/** Changes of a period that are looked at; the newest, when there are more. */
export const mostChanges = 2000

const place = z.string().min(1).max(100).optional()
const period = {
  /** Not before; thirty days before `to` when absent. */
  from: z.iso.datetime({ offset: true }).optional(),
  /** Before; now when absent. */
  to: z.iso.datetime({ offset: true }).optional(),
  /** Slug; the protected environments of the tenant when absent. */
  environment: place,
  application: place,
}

export const deskInput = z.strictObject({
  ...period,
  /** Only changes with an exception. */
  only: z.enum(['all', 'exceptions']).default('all'),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(100).default(25),
})
export type DeskInput = z.input<typeof deskInput>

export const exportChangesInput = z.strictObject({ ...period, format: z.enum(['csv', 'jsonl']).default('jsonl') })
export type ExportChangesInput = z.output<typeof exportChangesInput>

export const dossierInput = z.strictObject({ application: z.string().min(1).max(100), release: z.string().min(1).max(100) })

/** Who may hold a change in their hands. A person who holds two of them is named. */
export const duties = ['uploaded', 'requested', 'approved', 'deployed'] as const
export type Duty = (typeof duties)[number]

export interface DutyConflict {
  person: PersonView
  duties: Duty[]
}

/**
 * breach: a rule did not hold · exception: a rule was set aside, or something went wrong, by a way that the rules know ·
 * notice: worth a look.
 */
export const severities = ['breach', 'exception', 'notice'] as const
export type Severity = (typeof severities)[number]

export interface DeskException {
  code: ExceptionCode
  severity: Severity
  /** One sentence that stands alone. */
  words: string
  at: string
  /** The change it is about; null for one about the log or the period. */
  promotionId: string | null
  /** `orders v1.4.0 → prod`; '' where it is about no change. */
  subject: string
  /** Of refused attempts: whose and at what, as the log names them. */
  denial?: { actor: string; action: string }
}

export type ExceptionCode =
  | 'log_tampered'
  | 'log_unsealed'
  | 'log_not_verified'
  | 'own_approval'
  | 'approval_of_another_plan'
  | 'quorum_missed'
  | 'waived_gate'
  | 'break_glass'
  | 'rollback_in_freeze'
  | 'no_approval'
  | 'two_duties'
  | 'few_approvers'
  | 'failed_verification'
  | 'not_completed'
  | 'warned_gate'
  | 'denied'

export interface ChangeApproval {
  by: PersonView
  meaning: string
  comment: string
  at: string
  planDigest: string
}

/** One change of an environment as it was recorded; what the rules of the desk read. */
export interface ChangeFacts {
  id: string
  kind: PromotionKind
  state: PromotionState
  application: { slug: string; name: string }
  environment: { slug: string; name: string; isProtected: boolean }
  release: string
  /** Image digest of its first component. */
  digest: string
  configRevision: number
  planDigest: string
  reason: string
  incident: string
  requestedAt: string
  /** When its rollout was created: nothing before it reaches an environment. */
  claimedAt: string
  settledAt: string | null
  outcome: string
  verification: string
  uploadedBy: PersonView[]
  requestedBy: PersonView
  /** Those whose approval was used up by the claim. */
  approvals: ChangeApproval[]
  /** Whose act set the rollout going, as the log says; null where the log has no such entry. */
  deployedBy: PersonView | null
  gates: GateResult[]
  /** How many closed freezes a rollback passed by rule. */
  freezesPassed: number
  /** That somebody broke the glass for it: who, and why. */
  brokenGlass: { by: PersonView; reason: string; at: string }[]
  /** What the policy asked for whose version is in the plan. */
  rules: { version: number; approvals: number; fourEyes: boolean; forbidUploader: boolean; asksApproval: boolean }
}

export interface ChangeView extends ChangeFacts {
  conflicts: DutyConflict[]
  exceptions: DeskException[]
}

export interface DeskView {
  from: string
  to: string
  /** The environments that were looked at. */
  environments: { slug: string; name: string; isProtected: boolean }[]
  counts: { changes: number; withExceptions: number; breaches: number; rollbacks: number; notCompleted: number; denied: number }
  /** All of the period, gravest first. */
  exceptions: DeskException[]
  /** Newest first. */
  changes: ChangeView[]
  total: number
  page: number
  pageSize: number
  /** There were more than {@link mostChanges}: the oldest are left out, and the page says so. */
  isCut: boolean
  may: { export: Verdict }
}

export function subjectOf(change: Pick<ChangeFacts, 'application' | 'release' | 'environment'>): string {
  return `${change.application.slug} ${change.release} → ${change.environment.slug}`
}

/** Gravest first, then newest. */
export function byGravity(left: DeskException, right: DeskException): number {
  return severities.indexOf(left.severity) - severities.indexOf(right.severity) || right.at.localeCompare(left.at)
}
