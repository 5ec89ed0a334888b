// The engine: claim, walk the phases, settle. Killed at any instant, another runner goes on from what is written and
// what the target shows (docs/decisions/0070).
import type { TenantContext } from '#lib/platform/context'
import { newId } from '#lib/platform/id'
import { log } from '#lib/platform/log'
import { isRefusal, Refusal } from '#lib/platform/refusal'
import { judgeError, maxAttempts, RolloutFailure, waitAfterMs, type Judgement } from '#lib/rollouts/attempts'
import { checkPlan } from '#lib/rollouts/internal/check-plan'
import { claimLease, defaultLeaseMs, LeaseLost, releaseLease, type Claimed } from '#lib/rollouts/internal/lease'
import { RolloutRun, Stopped, type RolloutParts, type Work } from '#lib/rollouts/internal/run'
import { loadWork } from '#lib/rollouts/internal/load-work'
import { settleApplied, settleBlind, settleFailed } from '#lib/rollouts/internal/settle'
import { runSteps, startApplying } from '#lib/rollouts/internal/steps'
import { verify } from '#lib/rollouts/internal/verify'
import { readPhase, type RolloutPhase } from '#lib/rollouts/phases'
import { runsOnly } from '#lib/rollouts/where'

export type { RolloutParts } from '#lib/rollouts/internal/run'

/** not_claimed: held, not due or settled · suspended: to be resumed · lost: another runner goes on */
export type RunOutcome = 'not_claimed' | 'settled' | 'suspended' | 'lost'

/** Runs a rollout as far as it goes now. Safe to call at any time by anybody: only the holder of the lease does anything. */
export async function runRollout(
  ctx: TenantContext,
  parts: RolloutParts,
  input: { rolloutId: string; silent?: string | undefined },
): Promise<RunOutcome> {
  if (parts.signal.aborted) return 'not_claimed'
  const claimed = await claimLease(ctx, input.rolloutId, newId(), parts.leaseMs ?? defaultLeaseMs, { waits: parts.waits, silent: input.silent })
  if (!claimed) return 'not_claimed'
  const run = new RolloutRun(ctx, parts, claimed)
  run.startHeartbeat()
  try {
    return await attempt(run)
  } catch (error) {
    return await leave(run, error)
  } finally {
    run.stopHeartbeat()
  }
}

async function attempt(run: RolloutRun): Promise<RunOutcome> {
  const { claimed } = run
  const read = readPhase(claimed.phase)
  if (!read.isKnown) {
    await settleBlind(run, { state: 'failed', reason: 'phase_unknown', message: read.message })
    return 'settled'
  }
  let work: Work | undefined
  try {
    work = await loadWork(run)
    if (claimed.attempt > maxAttempts) throw new AttemptsExhausted()
    await walk(work, read.phase)
  } catch (error) {
    if (isInterruption(run, error)) throw error
    return settleOrRetry(run, work, error)
  }
  return 'settled'
}

async function walk(work: Work, from: RolloutPhase): Promise<void> {
  for (let phase = from; ; phase = await next(work, phase)) {
    // While applying, the running step is finished first; after it there is nothing left to stop.
    if (work.run.isCancelled && phase !== 'applying' && phase !== 'applied') throw new RolloutFailure('cancelled', 'It was cancelled.')
    if (phase === 'applied') return settleApplied(work, await verify(work))
    if (phase === 'failed') throw new TypeError('an unsettled rollout is in phase failed')
  }
}

/** The work of a phase, and into the next one. */
async function next(work: Work, phase: Exclude<RolloutPhase, 'applied' | 'failed'>): Promise<RolloutPhase> {
  const { run, driver, desired } = work
  switch (phase) {
    case 'created':
      await demandRuntime(work)
      return run.pass(phase, 'downloading')
    case 'downloading':
      await driver.prepare(desired, run.signal)
      return run.pass(phase, 'downloaded')
    case 'downloaded':
      await checkPlan(work)
      return run.pass(phase, 'verified')
    case 'verified':
      return startApplying(work)
    default:
      await runSteps(work)
      await demandOnlyPromised(work)
      return run.pass(phase, 'applied')
  }
}

/** Applied means observed: nothing else runs beside what was promised. What is missing by then is for verification to say. */
async function demandOnlyPromised({ driver, desired }: Work): Promise<void> {
  if (runsOnly(desired, await driver.observe(desired.target), false)) return
  throw new RolloutFailure(
    'mixed',
    'Every step is done, and yet something else runs beside what was promised. Restart it, which replaces all replicas.',
  )
}

/** The plan was judged by what a worker told earlier; here the machine itself is asked, before anything changes. */
async function demandRuntime({ driver, desired, javaLevels }: Work): Promise<void> {
  const state = await driver.check()
  if (!state.isAvailable) throw new Refusal('runtime_unavailable', state.reason, { fix: state.fix })
  for (const component of desired.components) {
    if (component.replicas === 0) continue
    const answer = await driver.accepts(component, { javaLevel: javaLevels.get(component.name) ?? null })
    if (!answer.accepted) throw new RolloutFailure('unsupported', `${answer.reason} ${answer.fix}`)
  }
}

class AttemptsExhausted extends Error {}

async function settleOrRetry(run: RolloutRun, work: Work | undefined, error: unknown): Promise<RunOutcome> {
  const { attempt } = run.claimed
  const judged = judge(run.claimed, error)
  if (judged.kind === 'retryable' && attempt < maxAttempts) {
    const waitMs = (run.parts.waits ?? waitAfterMs)(attempt)
    await releaseLease(run.ctx, run.claimed, { waitMs, reason: judged.reason, message: `Attempt ${attempt} of ${maxAttempts}: ${judged.message}` })
    return 'suspended'
  }
  const message = judged.kind === 'retryable' ? `Given up after ${maxAttempts} attempts. ${judged.message}` : judged.message
  const failure = { state: judged.kind === 'failed' ? 'failed' : 'errored', reason: judged.reason, message } as const
  await (work ? settleFailed(work, failure) : settleBlind(run, failure))
  return 'settled'
}

function judge(claimed: Claimed, error: unknown): Judgement {
  if (error instanceof AttemptsExhausted) {
    return {
      kind: 'errored',
      reason: 'attempts_exhausted',
      message: `The worker ended ${maxAttempts} times while it ran. Retry it when the worker is well.`,
    }
  }
  const judged = judgeError(error)
  if (isRefusal(error) || error instanceof RolloutFailure) return judged
  // The full words are for the log; a page gets what it can act on.
  log.error({ rollout: claimed.rolloutId, error: error instanceof Error ? error.stack : String(error) }, 'a rollout broke')
  return { ...judged, message: 'Caisson itself broke; its log has the details.' }
}

/** Errors that come from stopping or from losing the lease, whatever they look like where they surface. */
function isInterruption(run: RolloutRun, error: unknown): boolean {
  return error instanceof LeaseLost || error instanceof Stopped || run.signal.aborted
}

/** Leaves without settling: cleanly when the worker stops; without a word when another runner holds the rollout. */
async function leave(run: RolloutRun, error: unknown): Promise<RunOutcome> {
  const { ctx, claimed, parts } = run
  if (error instanceof LeaseLost || (run.signal.aborted && !parts.signal.aborted)) return 'lost'
  const isStop = error instanceof Stopped || parts.signal.aborted
  if (!isStop)
    log.error({ rollout: claimed.rolloutId, error: error instanceof Error ? error.stack : String(error) }, 'a rollout could not be settled')
  try {
    const waitMs = (parts.waits ?? waitAfterMs)(claimed.attempt)
    await releaseLease(
      ctx,
      claimed,
      isStop ? 'clean_stop' : { waitMs, reason: 'interrupted', message: 'Caisson itself broke; its log has the details.' },
    )
    return 'suspended'
  } catch (failure) {
    if (failure instanceof LeaseLost) return 'lost'
    throw failure
  }
}
