// The phases of a rollout (S4.32). A phase is written before the work that it names; one that names a result, after it was seen.
import { allowed, refused, type Verdict } from '#lib/platform/refusal'

export const rolloutPhases = ['created', 'downloading', 'downloaded', 'verified', 'applying', 'applied', 'failed'] as const
export type RolloutPhase = (typeof rolloutPhases)[number]

/** Where each phase may lead. `failed` is the end; after `applied` only verification follows, which is a result of its own. */
export const nextPhases = {
  created: ['downloading', 'failed'],
  downloading: ['downloaded', 'failed'],
  downloaded: ['verified', 'failed'],
  verified: ['applying', 'failed'],
  applying: ['applied', 'failed'],
  applied: [],
  failed: [],
} as const satisfies Record<RolloutPhase, readonly RolloutPhase[]>

/** Whether a rollout may go from one phase to another. */
export function mayEnter(from: RolloutPhase, to: RolloutPhase): Verdict {
  const next: readonly RolloutPhase[] = nextPhases[from]
  return next.includes(to) ? allowed : refused('conflict', `A rollout that is ${from} cannot become ${to}.`)
}

export type ReadPhase = { isKnown: true; phase: RolloutPhase } | { isKnown: false; phase: 'failed'; stored: string; message: string }

/**
 * The phase that a row says. One that this version does not know reads as `failed` and is never resumed (S4.13): a newer
 * version wrote it, and what it had done in it is unknown here.
 */
export function readPhase(stored: string): ReadPhase {
  const phase = rolloutPhases.find((one) => one === stored)
  if (phase) return { isKnown: true, phase }
  return {
    isKnown: false,
    phase: 'failed',
    stored,
    message: `This rollout is in phase “${stored}”, which this version of Caisson does not know; it was not resumed. Look at what runs, then retry it, or run the newer version that wrote it.`,
  }
}
