// The five steps of a rollback (S4.23) as they went: stop, previous release, restore, start, verify.
import type { RolloutPhase } from '#lib/rollouts/phases'
import type { RecoveryStep, StepView } from '#lib/rollouts/rollout'
import type { VerificationResult } from '#lib/rollouts/verification'

export interface RecoveryFacts {
  /** When the rollback was asked for. */
  requestedAt: string
  /** When the clock began: the stop before it, where there was one, else the request. */
  startedAt: string
  /** Nothing ran any more when it was asked for. */
  wasStopped: boolean
  release: string
  restore: { isNeeded: boolean; reason: string; restored: string } | null
  /** Phase → when it was entered. */
  times: Partial<Record<string, string>>
  phase: RolloutPhase
  failedPhase: string | null
  isSettled: boolean
  settledAt: string | null
  steps: readonly StepView[]
  verification: VerificationResult
}

/** The steps in the order of the runbook; each with when it was done. What a rollout that failed did not reach is skipped. */
export function recoverySteps(facts: RecoveryFacts): RecoveryStep[] {
  return [stop(facts), previous(facts), restore(facts), start(facts), verify(facts)]
}

function stop(facts: RecoveryFacts): RecoveryStep {
  if (facts.wasStopped) return { name: 'stop', state: 'done', at: facts.startedAt, words: 'Nothing ran any more: it was stopped before.' }
  return acts(facts, 'stop', 'What ran is stopped replica by replica, each once another takes its place.')
}

function previous({ times, phase, failedPhase, release, isSettled }: RecoveryFacts): RecoveryStep {
  const at = times['verified'] ?? null
  const words = `${release} is here: its plan and its image were checked.`
  if (at !== null) return { name: 'previous', state: 'done', at, words }
  if (phase === 'failed')
    return { name: 'previous', state: failedPhase === 'created' ? 'skipped' : 'failed', at: null, words: `${release} could not be fetched.` }
  return { name: 'previous', state: phase === 'created' && !isSettled ? 'pending' : 'current', at: null, words: `${release} is fetched and checked.` }
}

function restore({ restore: judged, requestedAt }: RecoveryFacts): RecoveryStep {
  if (judged?.isNeeded) return { name: 'restore', state: 'done', at: requestedAt, words: `Restored before it was asked for: ${judged.restored}` }
  return { name: 'restore', state: 'skipped', at: null, words: `Not needed. ${judged?.reason ?? 'Nothing is known to stand against the state.'}` }
}

function start(facts: RecoveryFacts): RecoveryStep {
  return acts(facts, 'start', `${facts.release} is started and waited for until it is ready.`)
}

function acts({ steps, phase, isSettled }: RecoveryFacts, act: StepView['act'], words: string): RecoveryStep {
  const own = steps.filter((step) => step.act === act)
  const done = own.filter(({ state }) => state === 'done')
  const at =
    done
      .flatMap(({ observedAt }) => observedAt ?? [])
      .toSorted()
      .at(-1) ?? null
  const counted = own.length === 0 ? words : `${words} ${done.length} of ${own.length}.`
  const isPlanned = phase === 'applied' || own.length > 0
  if (isPlanned && done.length === own.length) return { name: act, state: 'done', at, words: own.length === 0 ? nothingTo[act] : counted }
  if (own.some(({ state }) => state === 'failed')) return { name: act, state: 'failed', at, words: counted }
  if (isSettled) return { name: act, state: 'skipped', at, words: counted }
  return { name: act, state: phase === 'applying' ? 'current' : 'pending', at, words: counted }
}

const nothingTo: Record<StepView['act'], string> = {
  stop: 'There was no replica to stop.',
  start: 'Every replica was there already.',
}

function verify({ phase, isSettled, settledAt, verification }: RecoveryFacts): RecoveryStep {
  const words = 'Status, readiness and what is durable are asked for; it is verified when none of them says no.'
  if (verification === 'failed') return { name: 'verify', state: 'failed', at: settledAt, words }
  if (phase === 'applied' && isSettled) return { name: 'verify', state: 'done', at: settledAt, words }
  if (phase === 'failed') return { name: 'verify', state: 'skipped', at: null, words: 'It never came so far.' }
  return { name: 'verify', state: phase === 'applied' ? 'current' : 'pending', at: null, words }
}
