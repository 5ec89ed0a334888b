// What the pages and machines see of a rollout.
import { z } from 'zod'
import type { RolloutPhase } from '#lib/rollouts/phases'
import type { VerificationCheck, VerificationResult } from '#lib/rollouts/verification'

export const rolloutInput = z.strictObject({ promotion: z.string().min(1).max(100) })

export interface PhaseView {
  name: RolloutPhase
  /** When it was entered; null: not (yet). */
  at: string | null
  state: 'done' | 'current' | 'pending' | 'failed' | 'skipped'
}

export interface StepView {
  ordinal: number
  wave: number
  component: string
  act: 'start' | 'stop'
  replicaId: string
  digest: string
  state: 'planned' | 'running' | 'done' | 'failed' | 'skipped'
  detail: string
  intentAt: string | null
  effectAt: string | null
  observedAt: string | null
}

/** One of the five steps of a rollback. */
export interface RecoveryStep {
  name: 'stop' | 'previous' | 'restore' | 'start' | 'verify'
  state: 'done' | 'current' | 'pending' | 'failed' | 'skipped'
  /** When it was done; null while it is not, and where it was not needed. */
  at: string | null
  words: string
}

/** Of a rollback: from the stop that was asked for to verified, against the target. */
export interface RecoveryClock {
  startedAt: string
  /** null until it is verified. */
  recoveryMs: number | null
  targetMs: number
  steps: RecoveryStep[]
}

export interface RolloutView {
  id: string
  promotionId: string
  phase: string
  failedPhase: string | null
  /** A code: `replica_not_ready`, `cancelled`, … */
  reason: string
  message: string
  /** The six of the way, and `failed` where it went there. */
  phases: PhaseView[]
  steps: StepView[]
  verification: VerificationResult
  checks: VerificationCheck[]
  attempts: number
  maxAttempts: number
  /** When it is tried again by itself; null when it runs, is settled or is not waiting. */
  resumeAt: string | null
  cancelledAt: string | null
  /** null for what is no rollback. */
  recovery: RecoveryClock | null
  clock: {
    createdAt: string
    startedAt: string | null
    appliedAt: string | null
    settledAt: string | null
    /** By the database's clock; from the start (of a rollback: from the stop) to the end, or to now. */
    elapsedMs: number
    now: string
    /** What a rollback should take at most. */
    targetMs: number
  }
}
