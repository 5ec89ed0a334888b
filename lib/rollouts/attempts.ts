// Bounded auto-resume (S4.33, S4.34): which failures are tried again by themselves, how often, and after how long.
import { isRefusal, type RefusalCode } from '#lib/platform/refusal'

/** Starts of one rollout, each counted before its work. The next one after these only settles it. */
export const maxAttempts = 3

/** How long after the start of attempt n the next one may start, when n neither settled nor was stopped cleanly. */
export const waitsMs = [5000, 15_000, 45_000] as const

/** Longer than any of them: a time to go on that is further away was written by a clock that was set back since. */
export const longestWaitMs = 600_000

export function waitAfterMs(attempt: number): number {
  return waitsMs[Math.min(Math.max(attempt, 1), waitsMs.length) - 1] ?? 45_000
}

/** What the software or a rule said: trying again by itself would ask the same question. */
export const terminalReasons = [
  'cancelled',
  'plan_digest_mismatch',
  'manifests_mismatch',
  'stale_plan',
  'unsupported',
  'replica_not_ready',
  'replica_exited',
  'crash_loop',
  'mixed',
  'verification_failed',
  'phase_unknown',
] as const
export type TerminalReason = (typeof terminalReasons)[number]

/** A no that ends the rollout `failed`. */
export class RolloutFailure extends Error {
  readonly reason: TerminalReason
  constructor(reason: TerminalReason, words: string) {
    super(words)
    this.name = 'RolloutFailure'
    this.reason = reason
  }
}

/** A refusal of one of these would be the same however often one asks. */
const terminalRefusals: readonly RefusalCode[] = ['invalid_input', 'unsupported', 'not_found', 'gone', 'forbidden', 'unsafe_archive', 'too_large']

export type Judgement =
  /** The software or a rule said no. */
  | { kind: 'failed'; reason: string; message: string }
  /** Caisson or the runtime broke in a way that may pass: again, as often as the budget allows. */
  | { kind: 'retryable'; reason: string; message: string }
  /** Caisson broke in a way that does not pass. */
  | { kind: 'errored'; reason: string; message: string }

/** What an error of a rollout means. Our own broken invariants (TypeError and its like) do not heal by trying again. */
export function judgeError(error: unknown): Judgement {
  if (error instanceof RolloutFailure) return { kind: 'failed', reason: error.reason, message: error.message }
  const message = error instanceof Error ? error.message : String(error)
  if (isRefusal(error)) {
    const words = error.fix ? `${message} ${error.fix}` : message
    return { kind: terminalRefusals.includes(error.code) ? 'failed' : 'retryable', reason: error.code, message: words }
  }
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError)
    return { kind: 'errored', reason: 'fault', message }
  return { kind: 'retryable', reason: 'interrupted', message }
}
