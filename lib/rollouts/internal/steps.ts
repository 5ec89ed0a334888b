// Steps as rows: intent, then the effect, then what was observed. On restart the target is asked, never assumed.
import { appendEntry } from '#lib/audit/commands/append-entry'
import { canonicalJson } from '#lib/platform/canonical-json'
import type { Tx } from '#lib/platform/database'
import type { Deployment } from '#lib/platform/generated/client'
import { newId } from '#lib/platform/id'
import { announce } from '#lib/platform/live-event'
import { Refusal } from '#lib/platform/refusal'
import { isDone, staleAfterMs } from '#lib/readiness/readiness'
import { RolloutFailure, terminalReasons } from '#lib/rollouts/attempts'
import { awaitGone, awaitReady } from '#lib/rollouts/internal/await-replica'
import { heldValues, isHeld, LeaseLost } from '#lib/rollouts/internal/lease'
import { defaultDrainMs, type Step, type Work } from '#lib/rollouts/internal/run'
import { planSteps, type PlannedStep } from '#lib/rollouts/plan-steps'
import type { DesiredComponent, ObservedReplica } from '#lib/runtime/driver'

/**
 * Plans the steps from what is observed and writes them, once, with the phase `applying` and the new promise. From here on
 * the deployment is promised what the plan says; what it was before is kept to be given back (docs/decisions/0070).
 */
export async function startApplying(work: Work): Promise<'applying'> {
  const { run, driver, desired, kind } = work
  const observed = await driver.observe(desired.target)
  const steps = planSteps(desired, observed, { replacesAll: kind === 'restart', newReplicaId: newReplicaId })
  return run.enter('applying', async (tx, { cancelledAt }) => {
    if (cancelledAt) throw new RolloutFailure('cancelled', 'It was cancelled.')
    work.steps = await insertSteps(tx, work, steps)
    await promise(tx, work)
    await run.parts.gateway?.assignPort(tx, run.ctx, desired.target)
  })
}

async function insertSteps(tx: Tx, { run }: Work, planned: readonly PlannedStep[]): Promise<Step[]> {
  const steps = planned.map((step) => ({ ...step, id: newId(), state: 'planned', detail: '' }))
  const column = <K extends keyof Step>(name: K) => steps.map((step) => step[name])
  await tx.$executeRaw`
    insert into rollout_step (id, tenant_id, rollout_id, ordinal, wave, component, act, replica_id, digest)
    select id, ${run.ctx.tenant.id}, ${run.claimed.rolloutId}, ordinal, wave, component, act, replica_id, digest
    from unnest(${column('id')}::text[], ${column('ordinal')}::int[], ${column('wave')}::int[], ${column('component')}::text[],
      ${column('act')}::text[], ${column('replicaId')}::text[], ${column('digest')}::text[])
      as s (id, ordinal, wave, component, act, replica_id, digest)`
  return steps
}

/** Short enough for a line of a table, and random: it becomes part of names on the runtime. */
function newReplicaId(): string {
  return `r-${newId().replaceAll('-', '').slice(-12)}`
}

async function promise(tx: Tx, { run, desired, kind, plan, releaseId }: Work): Promise<void> {
  const { environmentId, applicationId } = desired.target
  const { promotionId, rolloutId } = run.claimed
  const before = await tx.$queryRaw<Deployment[]>`
    select id, tenant_id as "tenantId", environment_id as "environmentId", application_id as "applicationId", promotion_id as "promotionId",
      release_id as "releaseId", config_revision as "configRevision", config_hash as "configHash", desired, secrets, replicas,
      is_stopped as "isStopped", state, state_reason as "stateReason", is_mixed as "isMixed", ready_replicas as "readyReplicas",
      observed_at as "observedAt", ready_since as "readySince", stale_after_ms as "staleAfterMs", wanted_replicas as "wantedReplicas",
      deployed_at as "deployedAt"
    from deployment where environment_id = ${environmentId} and application_id = ${applicationId}`
  const [replaced] = before
  const wanted = desired.components.reduce((sum, { replicas }) => sum + replicas, 0)
  await tx.$executeRaw`
    with kept as (update rollout set replaced = ${replaced ? JSON.stringify(replaced) : ''} where id = ${rolloutId})
    insert into deployment (id, tenant_id, environment_id, application_id, promotion_id, release_id, config_revision, config_hash, secrets, desired,
      replicas, wanted_replicas, stale_after_ms, is_stopped, deployed_at, ready_since)
    values (${newId()}, ${run.ctx.tenant.id}, ${environmentId}, ${applicationId}, ${promotionId}, ${releaseId}, ${plan.config.revision},
      ${desired.configHash}, ${JSON.stringify(plan.secrets)}, ${canonicalJson(desired)}, ${plan.replicas}, ${wanted},
      ${staleAfterMs(desired.components)}, ${kind === 'stop'}, ${run.ctx.now()}, null)
    on conflict (environment_id, application_id) do update set promotion_id = excluded.promotion_id, release_id = excluded.release_id,
      config_revision = excluded.config_revision, config_hash = excluded.config_hash, secrets = excluded.secrets, desired = excluded.desired,
      replicas = excluded.replicas, wanted_replicas = excluded.wanted_replicas, stale_after_ms = excluded.stale_after_ms,
      is_stopped = excluded.is_stopped, deployed_at = excluded.deployed_at, ready_since = excluded.ready_since`
  await appendEntry(tx, run.ctx, {
    action: 'deployment.promised',
    subject: { kind: 'promotion', id: promotionId, name: `${desired.target.application} → ${desired.target.environment}` },
    before: replaced
      ? { promotion: replaced.promotionId, release: replaced.releaseId, configRevision: replaced.configRevision, replicas: replaced.replicas }
      : {},
    after: {
      release: releaseId,
      configRevision: plan.config.revision,
      replicas: plan.replicas,
      digests: desired.components.map(({ digest }) => digest),
    },
  })
  await announce(tx, run.ctx.tenant.id, 'board', promotionId)
}

/** Runs what is not done, wave by wave; steps of one wave and act together. Throws the first failure once its wave has ended. */
export async function runSteps(work: Work): Promise<void> {
  const { run } = work
  const steps = (work.steps ??= await run.write((tx) => loadSteps(tx, work)))
  for (;;) {
    run.check()
    const broken = steps.find(({ state, act }) => state === 'failed' && act === 'start')
    if (broken) throw failureOf(broken)
    const next = steps.find(({ state }) => state !== 'done')
    if (!next) return
    const wave = steps.filter(({ state, wave: one, act }) => state !== 'done' && one === next.wave && act === next.act)
    // A step that another runner began is finished before a cancellation counts.
    if (run.isCancelled && !wave.some(({ state }) => state === 'running')) throw new RolloutFailure('cancelled', 'It was cancelled.')
    const results = await Promise.allSettled(wave.map((step) => runStep(work, step)))
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
    if (failures.length > 0) throw failures.find((one) => !(one instanceof RolloutFailure)) ?? failures[0]
  }
}

export function loadSteps(tx: Tx, { run }: Work): Promise<Step[]> {
  return tx.$queryRaw<Step[]>`
    select id, ordinal, wave, component, act, replica_id as "replicaId", digest, state, detail from rollout_step where rollout_id = ${run.claimed.rolloutId} order by ordinal`
}

export async function runStep(work: Work, step: Step, drainMs = work.run.parts.drainMs ?? defaultDrainMs): Promise<void> {
  await (step.act === 'start' ? startReplica(work, step) : stopReplica(work, step, drainMs))
}

async function startReplica(work: Work, step: Step): Promise<void> {
  const { run, driver, desired } = work
  const component = desired.components.find(({ name }) => name === step.component)
  if (!component) throw new TypeError(`the plan has no component ${step.component}`)
  await intend(work, step, (tx) => upsertReplica(tx, work, step, { state: 'starting', reason: '', address: '', startedAt: null }))
  const present = (await driver.observe(desired.target)).find(({ replicaId }) => replicaId === step.replicaId)
  if (!present) {
    run.check()
    const start = { act: 'start', target: desired.target, replicaId: step.replicaId, component, configHash: desired.configHash } as const
    await driver.apply(start, { fencingToken: run.claimed.fencingToken, signal: run.signal })
  }
  await recordEffect(work, step)
  try {
    const ready = await awaitReady(work, component, step.replicaId)
    await observeReady(work, step, component, ready)
  } catch (error) {
    if (error instanceof RolloutFailure) await recordFailure(work, step, error)
    throw error
  }
}

async function observeReady(work: Work, step: Step, component: DesiredComponent, seen: ObservedReplica): Promise<void> {
  if (seen.digest !== component.digest || seen.configHash !== work.desired.configHash) {
    throw new TypeError(`replica ${step.replicaId} runs ${seen.digest}, not what its step says`)
  }
  await work.run.write(async (tx) => {
    await finish(tx, step, 'done', '')
    const state = isDone(seen) ? { state: 'exited', reason: seen.reason } : { state: 'ready', reason: '' }
    await upsertReplica(tx, work, step, { ...state, address: seen.address, startedAt: seen.startedAt })
    await work.run.notifyRoutes(tx)
    await work.run.announce(tx)
  })
}

/** The replica leaves the gateway before anything happens to it; its row goes when it is gone. */
async function stopReplica(work: Work, step: Step, drainMs: number): Promise<void> {
  const { run, driver, desired } = work
  await intend(work, step, async (tx) => {
    await tx.$executeRaw`update replica set state = 'stopping', reason = '', since = now() where id = ${step.replicaId} and state <> 'stopping'`
    await run.notifyRoutes(tx)
  })
  const present = (await driver.observe(desired.target)).find(({ replicaId }) => replicaId === step.replicaId)
  const stopTimeoutMs = desired.components.find(({ name }) => name === step.component)?.spec.stopTimeoutMs ?? 10_000
  if (present) {
    run.check()
    const stop = { act: 'stop', target: desired.target, replicaId: step.replicaId, drainMs, stopTimeoutMs } as const
    await driver.apply(stop, { fencingToken: run.claimed.fencingToken, signal: run.signal })
  }
  await recordEffect(work, step)
  await awaitGone(work, step.replicaId, drainMs + stopTimeoutMs)
  await run.write(async (tx) => {
    await finish(tx, step, 'done', '')
    await tx.replica.deleteMany({ where: { id: step.replicaId } })
    await run.notifyRoutes(tx)
    await run.announce(tx)
  })
}

/** The deployment's row is locked as well: a prober that looks at the same replicas waits its turn. */
async function intend({ run, desired }: Work, step: Step, also: (tx: Tx) => Promise<unknown>): Promise<void> {
  run.check()
  step.state = 'running'
  await run.write(async (tx) => {
    const { environmentId, applicationId } = desired.target
    await tx.$queryRaw`select id from deployment where environment_id = ${environmentId} and application_id = ${applicationId} for update`
    await tx.$executeRaw`update rollout_step set state = 'running', intent_at = coalesce(intent_at, now()) where id = ${step.id}`
    await also(tx)
    await run.announce(tx)
  })
}

async function recordEffect({ run: { ctx, claimed } }: Work, step: Step): Promise<void> {
  const rows = await ctx.once(
    `update rollout_step set effect_at = coalesce(effect_at, now()) from rollout where rollout_step.id = $5 and rollout_id = rollout.id and ${isHeld}
     returning rollout_step.id`,
    [...heldValues(claimed), step.id],
  )
  if (rows.length === 0) throw new LeaseLost()
}

async function recordFailure(work: Work, step: Step, failure: RolloutFailure): Promise<void> {
  await work.run.write(async (tx) => {
    await finish(tx, step, 'failed', `${failure.reason}: ${failure.message}`)
    await tx.$executeRaw`update replica set state = 'not_ready', reason = ${failure.reason}, since = now() where id = ${step.replicaId}`
    await work.run.notifyRoutes(tx)
    await work.run.announce(tx)
  })
}

function failureOf(step: Step): RolloutFailure {
  const [code = '', ...words] = step.detail.split(': ')
  const reason = terminalReasons.find((one) => one === code)
  if (!reason) throw new Refusal('unavailable', `Step ${step.ordinal} failed with ${step.detail}, which this version cannot read.`)
  return new RolloutFailure(reason, words.join(': '))
}

async function finish(tx: Tx, step: Step, state: string, detail: string): Promise<void> {
  Object.assign(step, { state, detail })
  await tx.$executeRaw`update rollout_step set state = ${state}, detail = ${detail}, observed_at = now() where id = ${step.id}`
}

async function upsertReplica(
  tx: Tx,
  { run, desired }: Work,
  step: Step,
  seen: { state: string; reason: string; address: string; startedAt: Date | null },
): Promise<void> {
  const { environmentId, applicationId } = desired.target
  const now = run.ctx.now()
  await tx.$executeRaw`
    insert into replica (id, tenant_id, environment_id, application_id, component, digest, config_hash, state, reason, address, started_at, observed_at,
      since)
    values (${step.replicaId}, ${run.ctx.tenant.id}, ${environmentId}, ${applicationId}, ${step.component}, ${step.digest}, ${desired.configHash},
      ${seen.state}, ${seen.reason}, ${seen.address}, ${seen.startedAt}, ${now}, ${now})
    on conflict (id) do update set drift = 'none', drift_detail = '', component = excluded.component, digest = excluded.digest,
      config_hash = excluded.config_hash, state = excluded.state, reason = excluded.reason, address = excluded.address,
      started_at = excluded.started_at, observed_at = excluded.observed_at, since = excluded.since`
  await announce(tx, run.ctx.tenant.id, 'replica', step.replicaId)
}
