// What is promised runs again after everything was stopped: the same replicas, outside any rollout.
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { announce } from '#lib/platform/live-event'
import { isRefusal } from '#lib/platform/refusal'
import { componentReadiness } from '#lib/readiness/component-readiness'
import type { ReadinessParts, TargetObservation, TargetPlace } from '#lib/readiness/commands/observe-target'
import type { DesiredComponent, ObservedReplica } from '#lib/runtime/driver'

/** Ends that Caisson itself or the machine brought about; a replica that crashed is its launcher's to start again. */
const endsOfOurs = ['', 'stopped', 'lost', 'exit_143', 'killed_15']

interface Missing {
  replicaId: string
  component: DesiredComponent
}

/**
 * Starts the replicas that are promised and not there, under the ids that they had. Nothing happens while a rollout is in
 * flight, to what is stopped, or to what is mixed. Returns the ids that it started.
 */
export async function raiseMissing(ctx: TenantContext, parts: ReadinessParts, place: TargetPlace, seen: TargetObservation): Promise<string[]> {
  const { observed, desired, isRollingOut } = seen
  if (!observed || isRollingOut || seen.assessment.isMixed || isComplete(seen, observed)) return []
  const plan = await ctx.write(async (tx) => {
    const [row] = await tx.$queryRaw<{ isStopped: boolean; isMixed: boolean; configHash: string; runtimeKind: string }[]>`
      select d.is_stopped as "isStopped", d.is_mixed as "isMixed", d.config_hash as "configHash", e.runtime_kind as "runtimeKind"
      from deployment d join environment e on e.id = d.environment_id
      where d.environment_id = ${place.environmentId} and d.application_id = ${place.applicationId} for update of d`
    if (!row || row.isStopped || row.isMixed || row.configHash !== desired.configHash) return undefined
    if (await tx.promotion.findFirst({ where: { ...place, state: 'rolling_out' }, select: { id: true } })) return undefined
    const missing = (await findMissing(tx, place, seen, observed)).filter(({ component }) => mayStart(seen, component))
    if (missing.length === 0) return undefined
    await intend(tx, ctx, place, seen, missing)
    return { missing, runtimeKind: row.runtimeKind, fencingToken: await currentToken(tx, place) }
  })
  if (!plan) return []
  const driver = parts.driverFor(plan.runtimeKind)
  const started: string[] = []
  for (const { replicaId, component } of plan.missing) {
    const step = { act: 'start', target: desired.target, replicaId, component, configHash: desired.configHash } as const
    try {
      await driver.apply(step, { fencingToken: plan.fencingToken, signal: parts.signal })
      started.push(replicaId)
    } catch (error) {
      // A rollout began meanwhile: it is the one that knows.
      if (isRefusal(error) && error.code === 'conflict') return started
      throw error
    }
  }
  return started
}

function isComplete({ desired }: TargetObservation, observed: readonly ObservedReplica[]): boolean {
  return desired.components.every(({ name, replicas }) => observed.filter((one) => one.component === name && isThere(one)).length >= replicas)
}

function isThere({ state, reason }: ObservedReplica): boolean {
  return state !== 'exited' || !endsOfOurs.includes(reason)
}

/** As a rollout would: what a component depends on stands first. It is looked at again once that does. */
function mayStart({ desired, readings }: TargetObservation, { name }: DesiredComponent): boolean {
  const standing = componentReadiness(desired.components, readings ?? [], { isStopped: false, isKnown: true, isRollingOut: false })
  return standing.find((one) => one.name === name)?.state !== 'waiting'
}

/** Rows that lost their replica first, the oldest before the newer; new ids only where there are too few. */
async function findMissing(tx: Tx, place: TargetPlace, { desired }: TargetObservation, observed: readonly ObservedReplica[]): Promise<Missing[]> {
  const rows = await tx.replica.findMany({ where: place, orderBy: { id: 'asc' } })
  return desired.components.flatMap((component) => {
    const there = observed.filter((one) => one.component === component.name && isThere(one))
    const count = component.replicas - there.length
    const lost = rows.filter(
      (row) =>
        row.component === component.name &&
        row.digest === component.digest &&
        row.configHash === desired.configHash &&
        !there.some(({ replicaId }) => replicaId === row.id),
    )
    return Array.from({ length: Math.max(0, count) }, (_, n) => ({
      component,
      replicaId: lost[n]?.id ?? `r-${newId().replaceAll('-', '').slice(-12)}`,
    }))
  })
}

async function intend(tx: Tx, ctx: TenantContext, place: TargetPlace, { desired }: TargetObservation, missing: readonly Missing[]): Promise<void> {
  const now = ctx.now()
  for (const { replicaId, component } of missing) {
    const data = {
      component: component.name,
      digest: component.digest,
      configHash: desired.configHash,
      state: 'starting',
      reason: 'raised_again',
      address: '',
      drift: 'none',
      driftDetail: '',
      startedAt: null,
      observedAt: now,
      since: now,
    }
    await tx.replica.upsert({ where: { id: replicaId }, create: { id: replicaId, tenantId: ctx.tenant.id, ...place, ...data }, update: data })
    await announce(tx, ctx.tenant.id, 'replica', replicaId)
  }
  await appendEntry(tx, ctx, {
    action: 'deployment.raised',
    subject: {
      kind: 'deployment',
      id: `${place.environmentId}:${place.applicationId}`,
      name: `${desired.target.application} in ${desired.target.environment}`,
    },
    after: { replicas: missing.map(({ replicaId }) => replicaId), digests: [...new Set(missing.map(({ component }) => component.digest))] },
    reason: 'promised, and not running',
  })
}

/** As old as the last rollout: the next one is newer, and the target then refuses this one. */
async function currentToken(tx: Tx, place: TargetPlace): Promise<bigint> {
  const [row] = await tx.$queryRaw<{ token: bigint }[]>`
    select coalesce(max(r.fencing_token), 0) as token from rollout r join promotion p on p.id = r.promotion_id
    where p.environment_id = ${place.environmentId} and p.application_id = ${place.applicationId}`
  return row?.token ?? 0n
}
