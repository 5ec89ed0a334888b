import { z } from 'zod'
import type { Verdict } from '#lib/platform/refusal'

export const rollbackCandidatesInput = z.strictObject({ application: z.string().max(100), environment: z.string().max(100) })

export interface Precheck {
  name: 'digest_present' | 'tag_unmoved' | 'state_compatible' | 'configuration'
  outcome: 'passed' | 'failed' | 'missing' | 'not_applicable'
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
  /** From stop to verified. */
  targetSeconds: number
}

export const recoveryTargetSeconds = 900
