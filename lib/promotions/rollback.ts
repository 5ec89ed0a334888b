import { z } from 'zod'
import type { HoldNote } from '#lib/promotions/hold'
import type { Verdict } from '#lib/platform/refusal'

export const rollbackCandidatesInput = z.strictObject({ application: z.string().max(100), environment: z.string().max(100) })

export interface Precheck {
  name: 'image_intact' | 'tag_unmoved' | 'runs_here' | 'configuration' | 'secrets' | 'state_compatible' | 'contract'
  /** `warning` asks to be acknowledged; `unknown` is no pass and no reason to stop. */
  outcome: 'passed' | 'failed' | 'missing' | 'warning' | 'unknown' | 'not_applicable'
  reason: string
}

export interface RollbackCandidate {
  release: string
  digest: string
  /** When it last completed here. */
  completedAt: string
  /** How long it ran here the last time, until something else was rolled out. */
  ranForMs: number
  /** The configuration revision that it ran with then. */
  configRevision: number
  /** The one to choose: the last good release other than the one that runs. */
  isLastGood: boolean
  prechecks: Precheck[]
  /** The state has to be restored as well: stop, restore, then roll back and say what was restored. */
  needsRestore: boolean
  /** What the contract warns of and the request has to acknowledge (`acknowledge: ['contract']`); '' for nothing. */
  contractWarning: string
  /** A check failed that no choice of the request mends. */
  isBlocked: boolean
}

export interface RollbackView {
  application: { slug: string; name: string }
  environment: { slug: string; name: string; isProtected: boolean }
  current: { release: string; digest: string; deployedAt: string; configRevision: number; state: string } | null
  candidates: RollbackCandidate[]
  configRevisionNow: number
  mayRollBack: Verdict
  /** Nothing new comes here until somebody lifts it; a rollback passes. */
  hold: HoldNote | null
  /** From stop to verified, by the policy of the environment. */
  targetSeconds: number
}

/** Where a rollout does not say what was aimed at. */
export const recoveryTargetSeconds = 900
