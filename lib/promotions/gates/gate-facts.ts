import type { ConfigProblems } from '#lib/configuration/revision'
import type { SignOffState } from '#lib/evidence/checklist'
import type { ItemStatus } from '#lib/evidence/item'
import type { ApprovalRules } from '#lib/promotions/approval'
import type { GateFinding, GateFix } from '#lib/promotions/gates'
import type { PromotionKind } from '#lib/promotions/promotion-kind'
import type { DeploymentFacts, EnvironmentFacts, FreezeFacts, HoldFacts, ReleaseFacts, RevisionFacts } from '#lib/promotions/situation'

/** What a gate may read: facts of one plan, read at one moment. */
export interface GateFacts {
  now: Date
  kind: PromotionKind
  tenant: { slug: string; tier: string }
  application: { slug: string }
  environment: Pick<EnvironmentFacts, 'slug' | 'isWithinTier' | 'isProtected'>
  release: Pick<ReleaseFacts, 'id' | 'name' | 'components'>
  upstream: UpstreamFacts[]
  /** When this release last completed in this environment. */
  completedHereAt: Date | null
  /** Name of the release that runs here; '' for none. */
  runs: string
  /** When what runs here was promised. */
  deployedAt: Date | null
  /** When the newest completed backup that holds the tenant was made. */
  backupAt: Date | null
  /** Those that close it now. */
  freezes: Omit<FreezeFacts, 'rule'>[]
  /** When none of them, nor one that follows, closes it any more; null where no end is known, and while it is open. */
  opensAt: Date | null
  /** The standing hold of this place. */
  hold: HoldFacts | null
  revision: RevisionFacts
  /** What is wrong with that revision for this release; asked only where a gate wants to know. */
  configProblems: () => ConfigProblems
  /** Who asks; '' while nobody does. Their own waivers do not count for them. */
  requestedBy: string
  /** Decisions that count for the plan at hand. */
  approvals: readonly { approverId: string; decidedAt: Date }[]
  /** The approvals under which this release completed here before, one for each person. */
  approvedEarlier: readonly { approverId: string; decidedAt: Date }[]
  approvalRules: ApprovalRules
  /** Of this release here and in every upstream environment; null where the policy does not ask for evidence. */
  evidence: { here: ChecklistFacts; upstream: { slug: string; checklist: ChecklistFacts }[] } | null
}

/** A checklist as gates read it. */
export interface ChecklistFacts {
  items: { control: string; title: string; when: 'before' | 'after'; status: ItemStatus; reason: string }[]
  signOffState: SignOffState
  signOffReason: string
}

export interface UpstreamFacts {
  slug: string
  completedAt: Date | null
  deployment: Pick<DeploymentFacts, 'releaseId' | 'state' | 'stateReason' | 'observedAt' | 'isStopped' | 'readyReplicas' | 'replicas'> | null
  /** Name of the release that runs there; '' for none. */
  runs: string
  /** A promotion of this very release is rolling out there. */
  isRollingOut: boolean
}

/** A pure function from facts to an outcome with its reason. `parameters` are the policy's. */
export type Gate = (facts: GateFacts, parameters: Record<string, unknown>) => GateFinding

export function passed(reason: string, facts: GateFinding['facts'] = []): GateFinding {
  return { outcome: 'passed', reason, facts, fix: null }
}

export function notApplicable(reason: string): GateFinding {
  return { outcome: 'not_applicable', reason, facts: [], fix: null }
}

export function stopped(outcome: 'failed' | 'pending' | 'missing', reason: string, fix: GateFix, facts: GateFinding['facts'] = []): GateFinding {
  return { outcome, reason, facts, fix }
}
