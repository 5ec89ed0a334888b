// A promotion: the decision to change what an environment runs.
import { z } from 'zod'
import type { GateResult } from '#lib/promotions/gates'
import type { PlanDocument } from '#lib/promotions/plan'
import { promotionKinds, type PromotionKind } from '#lib/promotions/promotion-kind'
import { promotionStates, type PromotionState } from '#lib/promotions/promotion-state'
import type { Verdict } from '#lib/platform/refusal'

const name = z.string().min(1).max(100)

export const requestPromotionInput = z.strictObject({
  /** Slugs of the tenant. */
  application: name,
  environment: name,
  /** promote where something is upstream, deploy where nothing is, when absent. */
  kind: z.enum(promotionKinds).optional(),
  /** Name of a release; needed by promote, deploy and rollback. Names, never floating tags. */
  release: name.optional(),
  /** Of a rollback: the overlay as it is now, or as it was when the release last completed here. */
  config: z.enum(['now', 'then']).default('now'),
  /** Of a rollback over an incompatible state: what was restored, by whose hand it may be. */
  restored: z.string().trim().max(500).default(''),
  /** Warnings of a rollback's pre-checks that the person has read and goes on with. */
  acknowledge: z
    .array(z.enum(['contract']))
    .max(1)
    .default([]),
  /** Of scale: how many replicas of each component. */
  replicas: z.int().min(0).max(50).optional(),
  reason: z.string().max(2000).default(''),
  incident: z.string().max(200).default(''),
  /** The waiting promotion that this one replaces, named by the person who confirms it. */
  supersede: z.string().max(100).optional(),
})
export type RequestPromotionInput = z.input<typeof requestPromotionInput>

const restoreSchema = z.strictObject({
  isNeeded: z.boolean(),
  /** Why, or why not. */
  reason: z.string(),
  /** What was restored, in the words of whoever asked; '' when nothing was. */
  restored: z.string(),
})

/** What a request asked for beyond release and kind, as it is stored. */
export const requestParametersSchema = z.strictObject({
  /** A fixed revision (rollback "as then", config); null: the newest one. */
  configRevision: z.int().min(0).nullable().default(null),
  /** Of a rollback: whether the state had to go back as well, as it was judged when it was asked for. */
  restore: restoreSchema.nullable().default(null),
  /** Of a rollback: what the contract warned of, as it was acknowledged; '' for nothing. */
  acknowledgedContract: z.string().default(''),
  /** The failed promotion that this rollback follows by itself. */
  automaticFor: z.string().nullable().default(null),
})
export type RequestParameters = z.output<typeof requestParametersSchema>

const promotionId = z.string().min(1).max(100)
export const onePromotionInput = z.strictObject({ promotion: promotionId })

export const approvePromotionInput = z.strictObject({
  promotion: promotionId,
  /** The digest of the plan that the approver saw. */
  planDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  /** What the approval says, in the approver's name. */
  meaning: z.string().min(1).max(500).default('I have read this plan and approve that it runs.'),
  comment: z.string().max(2000).default(''),
})
export type ApprovePromotionInput = z.input<typeof approvePromotionInput>

export const rejectPromotionInput = z.strictObject({ promotion: promotionId, reason: z.string().trim().min(1).max(2000) })
export const cancelPromotionInput = z.strictObject({ promotion: promotionId, reason: z.string().max(2000).default('') })
export const repeatPromotionInput = z.strictObject({ promotion: promotionId, reason: z.string().max(2000).optional() })

export const listPromotionsInput = z.strictObject({
  application: name.optional(),
  environment: name.optional(),
  state: z.enum(promotionStates).optional(),
  kind: z.enum(promotionKinds).optional(),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(50).default(25),
})

/** A person, or whatever else acted, by the name to show. */
export interface PersonView {
  id: string
  name: string
}

export interface ApprovalView {
  id: string
  decision: 'approved' | 'rejected'
  by: PersonView
  meaning: string
  comment: string
  decidedAt: string
  authenticatedAt: string
  expiresAt: string
  planDigest: string
  /** Whether it counts for the plan as it is now; the reason when it does not. */
  counts: boolean
  whyNot: string
}

export interface PromotionSummary {
  id: string
  kind: PromotionKind
  state: PromotionState
  application: { slug: string; name: string }
  environment: { slug: string; name: string; isProtected: boolean }
  release: string
  /** Image digest of its first component. */
  digest: string
  requestedBy: PersonView
  /** person | token | system */
  requesterKind: string
  requestedAt: string
  settledAt: string | null
  outcome: string
}

export interface PromotionView extends PromotionSummary {
  reason: string
  incident: string
  /** The plan as it stands: while the promotion waits it is composed anew, and `moved` lists what differs from the one last stored. */
  plan: PlanDocument
  planDigest: string
  moved: string[]
  gates: GateResult[]
  gatesAt: string
  approvals: ApprovalView[]
  /** When it expires unless it runs before; null once settled or rolling out. */
  expiresAt: string | null
  supersededBy: string | null
  retryOf: string | null
  /** The failed promotion that this rollback follows by itself, by the policy. */
  automaticFor: string | null
  rollout: {
    id: string
    phase: string
    failedPhase: string | null
    reason: string
    message: string
    verification: string
    steps: { done: number; total: number }
    cancelledAt: string | null
    createdAt: string
    startedAt: string | null
    appliedAt: string | null
    settledAt: string | null
  } | null
  /** `waive`: an exception to a gate of this application here; which gates can have one, `mayWaive` says. */
  may: { approve: Verdict; reject: Verdict; cancel: Verdict; retry: Verdict; askAgain: Verdict; rollBack: Verdict; waive: Verdict }
  cliLine: string
}

export interface PromotionPage {
  items: PromotionSummary[]
  total: number
  page: number
  pageSize: number
}

/** One row of an environment's timeline, newest first. */
export interface HistoryEntry {
  id: string
  at: string
  kind: PromotionKind
  state: PromotionState
  application: { slug: string; name: string }
  release: string
  digest: string
  configRevision: number
  requestedBy: PersonView
  approvedBy: PersonView[]
  outcome: string
}
