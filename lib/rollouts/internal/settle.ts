// The end of a rollout, in one transaction with the end of its promotion.
import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { settlePromotion } from '#lib/promotions/commands/settle-promotion'
import type { HeldRow } from '#lib/rollouts/internal/lease'
import { LeaseLost } from '#lib/rollouts/internal/lease'
import { pushEvidence } from '#lib/rollouts/internal/push-evidence'
import { Stopped, writePhase, type RolloutRun, type Step, type Work } from '#lib/rollouts/internal/run'
import { loadSteps, runStep } from '#lib/rollouts/internal/steps'
import type { Verified } from '#lib/rollouts/internal/verify'
import { summarise } from '#lib/rollouts/verification'
import { describeWhere, runsOnly } from '#lib/rollouts/where'
import type { DesiredState, ObservedReplica } from '#lib/runtime/driver'

/** Completed when verification passed or had nothing to ask; failed otherwise. What runs stays as it is. */
export async function settleApplied(work: Work, { checks, observed }: Verified): Promise<void> {
  const { run } = work
  const verification = summarise(checks)
  const words = checks.filter(({ outcome }) => outcome === 'failed').map(({ suite, detail }) => `${suite}: ${detail}`)
  const isGood = verification !== 'failed'
  const message = isGood ? '' : `Verification failed. ${words.join(' ')} It runs on; roll back, or fix it and retry.`
  await settle(run, { state: isGood ? 'completed' : 'failed', reason: isGood ? '' : 'verification_failed', message }, async (tx) => {
    await tx.$executeRaw`update rollout set verification = ${verification}, checks = ${JSON.stringify(checks)} where id = ${run.claimed.rolloutId}`
    if (isGood) await recordVerified(tx, work)
    await pushEvidence(tx, work, checks, observed)
  })
}

/** What verification saw is an observation too: the gates that ask next need not wait for the next look of a probe. */
async function recordVerified(tx: Tx, { desired }: Work): Promise<void> {
  const { environmentId, applicationId } = desired.target
  const wanted = desired.components.reduce((sum, { replicas }) => sum + replicas, 0)
  await tx.$executeRaw`
    update deployment set is_mixed = false, state = ${wanted === 0 ? 'stopped' : 'ready'}, state_reason = '', ready_replicas = ${wanted},
      observed_at = now(), ready_since = case when ${wanted} = 0 then null else now() end
    where environment_id = ${environmentId} and application_id = ${applicationId}`
}

/** Ends a rollout that cannot be read, or whose runtime is not there: nothing is touched, a person looks. */
export async function settleBlind(run: RolloutRun, failure: Failure): Promise<void> {
  await settle(run, failure, (tx, row) => fail(tx, run, row))
}

export interface Failure {
  state: 'failed' | 'errored'
  reason: string
  message: string
}

/**
 * Ends a rollout that cannot go on: replicas that it started and that never got ready are removed, everything else stays
 * where it is, and the words say where. When nothing of it is left, the promise is what it was before.
 */
export async function settleFailed(work: Work, failure: Failure): Promise<void> {
  const { run } = work
  const leftovers = await removeFailed(work)
  const observed = await tryObserve(work)
  const where = observed ? describeWhere(observed) : 'What runs could not be observed.'
  const message = [failure.message, leftovers, where].filter((words) => words !== '').join(' ')
  await settle(run, { ...failure, message }, async (tx, row) => {
    if (row.phase !== 'applied') await fail(tx, run, row)
    else await tx.rollout.update({ where: { id: run.claimed.rolloutId }, data: { verification: 'failed' }, select: { id: true } })
    await tx.rolloutStep.updateMany({
      where: { rolloutId: run.claimed.rolloutId, state: { in: ['planned', 'running'] } },
      data: { state: 'skipped' },
    })
    if (row.phase === 'applying' && observed) await keepOrGiveBack(tx, work, row, observed)
  })
}

async function fail(tx: Tx, run: RolloutRun, row: HeldRow): Promise<void> {
  await writePhase(tx, run.claimed.rolloutId, row, 'failed')
  await tx.rollout.update({
    where: { id: run.claimed.rolloutId },
    data: { failedPhase: row.phase, verification: 'not_applicable' },
    select: { id: true },
  })
}

async function settle(
  run: RolloutRun,
  outcome: { state: 'completed' | 'failed' | 'errored'; reason: string; message: string },
  also: (tx: Tx, row: HeldRow) => Promise<void>,
): Promise<void> {
  const { claimed, ctx } = run
  await ctx.write(async (tx) => {
    // The promotion before the rollout, as a cancellation locks them.
    await tx.$queryRaw`select id from promotion where id = ${claimed.promotionId} for update`
    await run.within(tx, async (row) => {
      await also(tx, row)
      await tx.$executeRaw`
        update rollout set reason = ${outcome.reason}, message = ${outcome.message}, settled_at = now(), lease_owner = null, lease_until = null, resume_at = null
        where id = ${claimed.rolloutId}`
      await settlePromotion(tx, ctx, claimed.promotionId, { state: outcome.state, outcome: outcome.message })
      await run.announce(tx)
    })
  })
}

/** The starts that failed or never got ready leave, by steps of their own; words about those that could not be removed. */
async function removeFailed(work: Work): Promise<string> {
  const steps = await work.run.ctx.read((tx) => loadSteps(tx, work))
  const failed = steps.filter(({ act, state }) => act === 'start' && (state === 'failed' || state === 'running'))
  const left: string[] = []
  for (const start of failed) {
    try {
      await runStep(work, await removalStep(work, start, steps), 0)
    } catch (error) {
      if (error instanceof LeaseLost || error instanceof Stopped || work.run.signal.aborted) throw error
      left.push(start.replicaId)
    }
  }
  return left.length > 0 ? `Could not be removed: ${left.join(', ')}.` : ''
}

async function removalStep({ run }: Work, start: Step, steps: readonly Step[]): Promise<Step> {
  const known = steps.find(({ act, replicaId }) => act === 'stop' && replicaId === start.replicaId)
  if (known) return known
  return run.write(async (tx) => {
    const { rolloutId } = run.claimed
    const { _max } = await tx.rolloutStep.aggregate({ where: { rolloutId }, _max: { ordinal: true } })
    const tenantId = run.ctx.tenant.id
    const { wave, component, replicaId, digest } = start
    const data = { id: newId(), tenantId, rolloutId, wave, component, replicaId, digest, act: 'stop', ordinal: (_max.ordinal ?? 0) + 1 }
    return tx.rolloutStep.create({ data })
  })
}

async function tryObserve({ driver, desired }: Work): Promise<ObservedReplica[] | undefined> {
  return driver.observe(desired.target).catch(() => undefined)
}

/** Everything left is of the previous promise: it stands again. Something of both is left: mixed, until it is repaired. */
async function keepOrGiveBack(tx: Tx, { desired }: Work, row: HeldRow, observed: readonly ObservedReplica[]): Promise<void> {
  const { environmentId, applicationId } = desired.target
  const place = { environmentId_applicationId: { environmentId, applicationId } }
  if (row.replaced === '') {
    if (observed.every(({ state }) => state === 'exited')) await tx.deployment.delete({ where: place })
    else await tx.deployment.update({ where: place, data: { isMixed: !runsOnly(desired, observed, true) } })
    return
  }
  const before = JSON.parse(row.replaced) as Record<string, unknown> & { desired: string }
  const previous = JSON.parse(before.desired) as DesiredState
  if (!runsOnly(previous, observed, false)) {
    await tx.deployment.update({ where: place, data: { isMixed: !runsOnly(desired, observed, true) } })
    return
  }
  const { promotionId, releaseId, configRevision, configHash, secrets, replicas, wantedReplicas, staleAfterMs, isStopped, deployedAt } = before
  await tx.deployment.update({
    where: place,
    data: {
      promotionId,
      releaseId,
      configRevision,
      configHash,
      secrets,
      replicas,
      wantedReplicas,
      staleAfterMs,
      isStopped,
      deployedAt,
      desired: before.desired,
      isMixed: false,
    } as Parameters<Tx['deployment']['update']>[0]['data'],
  })
}
