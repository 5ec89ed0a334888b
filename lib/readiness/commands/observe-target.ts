// Looks at one deployment: the runtime says what runs, probes say whether it is ready, rows change when something changed.
import { createHash } from 'node:crypto'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { Deployment, Replica } from '#lib/platform/generated/client'
import { announce } from '#lib/platform/live-event'
import {
  assessDeployment,
  driftOf,
  isAlarm,
  isProbeDue,
  judgeProbes,
  newHistory,
  remember,
  type Assessment,
  type DriftKind,
  type ProbeHistory,
  type ProbeResult,
  type ReadinessProbe,
  type ReplicaReadiness,
} from '#lib/readiness/readiness'
import { noteDrift } from '#lib/readiness/internal/note-drift'
import type { DesiredState, ObservedReplica, RuntimeDriver } from '#lib/runtime/driver'
import { componentSpecSchema } from '#lib/tenants/component-spec'

export interface ReadinessParts {
  driverFor: (runtimeKind: string) => RuntimeDriver
  probe: (address: string, probe: ReadinessProbe, signal: AbortSignal) => Promise<ProbeResult>
  /** Tells gateways, once the transaction commits, that replicas changed. */
  notifyRoutes?: (tx: Tx) => Promise<void>
  /** What this process remembers of replicas; a process that takes over starts with nothing, and says `unknown`. */
  memory: Map<string, RememberedReplica>
  signal: AbortSignal
}

/** Of one start of a replica, told apart by when the runtime says that it was. */
export interface RememberedReplica {
  startedAt: number
  history: ProbeHistory
}

export interface TargetPlace {
  environmentId: string
  applicationId: string
}

export interface TargetObservation {
  assessment: Assessment
  /** undefined when the runtime could not be asked. */
  observed: ObservedReplica[] | undefined
  /** The same as probes judge them. */
  readings: TargetReading[] | undefined
  desired: DesiredState
  isRollingOut: boolean
}

/** While nothing changes, how old `observed_at` may get. */
const touchEveryMs = 10_000

interface Seen {
  deployment: Deployment
  runtimeKind: string
  isRollingOut: boolean
  rows: Replica[]
}

/** Observes, probes what is due, and writes what changed. undefined where nothing is promised. */
export async function observeTarget(ctx: TenantContext, parts: ReadinessParts, place: TargetPlace): Promise<TargetObservation | undefined> {
  const seen = await ctx.read((tx) => load(tx, place))
  if (!seen) return undefined
  const desired = JSON.parse(seen.deployment.desired) as DesiredState
  const lookedAtMs = performance.now()
  const observed = await parts
    .driverFor(seen.runtimeKind)
    .observe(desired.target)
    .catch(() => undefined)
  const { probes, knownDigests } = await ctx.read((tx) => loadProbes(tx, desired, observed ?? []))
  const promised = { configHash: desired.configHash, components: desired.components, isStopped: seen.deployment.isStopped }
  const probed = observed && (await Promise.all(observed.map((one) => read(parts, one, probes(one), seen.rows))))
  const readings = probed?.map((one): TargetReading => ({ ...one, ...shownDrift(driftOf(promised, one, knownDigests), one, seen.isRollingOut) }))
  const assessment = assessDeployment(promised, readings, { isRollingOut: seen.isRollingOut, knownDigests })
  forget(parts, seen.rows, observed)
  const { observedAt } = seen.deployment
  // In either direction: a clock may have been set back since.
  const isStale = !observedAt || Math.abs(ctx.now().getTime() - observedAt.getTime()) >= touchEveryMs
  if (isStale || hasChanged(seen, assessment, readings))
    await ctx.write((tx) => save(tx, ctx, parts, place, seen, assessment, readings, desired, lookedAtMs))
  return { assessment, observed, readings, desired, isRollingOut: seen.isRollingOut }
}

async function load(tx: Tx, { environmentId, applicationId }: TargetPlace): Promise<Seen | undefined> {
  const place = { environmentId, applicationId }
  const deployment = await tx.deployment.findUnique({ where: { environmentId_applicationId: place } })
  if (!deployment) return undefined
  const { runtimeKind } = await tx.environment.findUniqueOrThrow({ where: { id: environmentId }, select: { runtimeKind: true } })
  return { deployment, runtimeKind, isRollingOut: await rollsOut(tx, place), rows: await tx.replica.findMany({ where: place }) }
}

async function rollsOut(tx: Tx, place: TargetPlace): Promise<boolean> {
  return (await tx.promotion.findFirst({ where: { ...place, state: 'rolling_out' }, select: { id: true } })) !== null
}

/** Each replica is asked by the probe of the release that it runs: an old one does not answer the new one's path. */
async function loadProbes(tx: Tx, desired: DesiredState, observed: readonly ObservedReplica[]) {
  const digests = [...new Set(observed.map(({ digest }) => digest))]
  const rows = await tx.releaseComponent.findMany({ where: { digest: { in: digests } }, select: { component: true, digest: true, spec: true } })
  const probes = ({ component, digest, configHash }: ObservedReplica): ReadinessProbe | undefined => {
    const wanted = desired.components.find(({ name }) => name === component)
    if (wanted?.digest === digest && desired.configHash === configHash) return wanted.spec.readiness
    const row = rows.findLast((one) => one.component === component && one.digest === digest)
    return row ? componentSpecSchema.parse(JSON.parse(row.spec)).readiness : wanted?.spec.readiness
  }
  return { probes, knownDigests: new Set(rows.map(({ digest }) => digest)) }
}

type Probed = Omit<ObservedReplica, 'state'> & { state: ReplicaReadiness }
export type TargetReading = Probed & { drift: DriftKind; driftDetail: string }

/** While a rollout replaces one with the other, both are right; what nobody ever promised is not. One that leaves is nobody's any more. */
function shownDrift(drift: DriftKind, { state, alteration }: Probed, isRollingOut: boolean): Pick<TargetReading, 'drift' | 'driftDetail'> {
  if (state === 'stopping' || (isRollingOut && !isAlarm(drift))) return { drift: 'none', driftDetail: '' }
  return { drift, driftDetail: drift === 'image_altered' || drift === 'config_altered' ? (alteration?.detail ?? '') : '' }
}

async function read(parts: ReadinessParts, one: ObservedReplica, probe: ReadinessProbe | undefined, rows: readonly Replica[]): Promise<Probed> {
  if (one.state === 'exited' || one.state === 'stopping') return { ...one, state: one.state }
  if (!probe) return { ...one, state: 'unknown', reason: 'no_probe' }
  const startedAt = one.startedAt?.getTime() ?? 0
  const known = parts.memory.get(one.replicaId)
  const now = performance.now()
  // Another start of the same replica is judged anew. How old it is says the wall clock once, and from then on a clock that nobody sets.
  let history = known?.startedAt === startedAt ? known.history : newHistory(now - Math.max(0, Date.now() - startedAt))
  if (
    isProbeDue(history, probe, now) ||
    isOutdated(
      history,
      rows.find(({ id }) => id === one.replicaId),
    )
  ) {
    const result = one.address === '' ? ({ isReady: false, reason: 'no_address' } as const) : await parts.probe(one.address, probe, parts.signal)
    if (!parts.signal.aborted) history = remember(history, probe, result, now)
  }
  parts.memory.set(one.replicaId, { startedAt, history })
  return { ...one, ...judgeProbes(history, probe) }
}

/** A rollout found the replica ready, and we never did: what we remember may be older than what is known. */
function isOutdated({ hasBeenReady }: ProbeHistory, row: Replica | undefined): boolean {
  return row?.state === 'ready' && !hasBeenReady
}

function forget(parts: ReadinessParts, rows: readonly Replica[], observed: readonly ObservedReplica[] | undefined): void {
  if (!observed) return
  for (const { id } of rows) if (!observed.some(({ replicaId }) => replicaId === id)) parts.memory.delete(id)
}

function hasChanged({ deployment, rows, isRollingOut }: Seen, next: Assessment, readings: readonly TargetReading[] | undefined): boolean {
  const isSame =
    deployment.state === next.state &&
    deployment.stateReason === next.reason &&
    deployment.readyReplicas === next.readyReplicas &&
    (isRollingOut || deployment.isMixed === next.isMixed)
  if (!isSame) return true
  if (!readings) return false
  const known = rows.filter((row) => !isMissing(row)).map(({ id, ...row }) => ({ replicaId: id, ...row }))
  return printOf(known) !== printOf(readings)
}

/** A replica that is promised and not there. */
function isMissing({ state, reason }: Replica): boolean {
  return state === 'unknown' && reason === 'replica_missing'
}

/** What counts as a change of replicas; a row that a rollout took out of the gateway stays so until it is gone. */
function printOf(replicas: readonly ({ replicaId: string } & Omit<Shown, 'id'>)[]): string {
  const lines = replicas.map(({ replicaId, ...one }) => `${replicaId} ${shownOf(one)}`)
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('hex')
}

type Shown = Pick<Replica, 'state' | 'reason' | 'address' | 'digest' | 'configHash' | 'drift' | 'driftDetail'>

function shownOf({ state, reason, address, digest, configHash, drift, driftDetail }: Shown): string {
  return [state, reason, address, digest, configHash, drift, driftDetail].join(' ')
}

async function save(
  tx: Tx,
  ctx: TenantContext,
  parts: ReadinessParts,
  place: TargetPlace,
  seen: Seen,
  next: Assessment,
  readings: readonly TargetReading[] | undefined,
  desired: DesiredState,
  lookedAtMs: number,
): Promise<void> {
  // A rollout that changes the same rows waits for us, or we for it; what it changed meanwhile is looked at next time.
  const [row] = await tx.$queryRaw<{ promotionId: string }[]>`
    select promotion_id as "promotionId" from deployment where environment_id = ${place.environmentId} and application_id = ${place.applicationId} for update`
  if (row?.promotionId !== seen.deployment.promotionId || (await rollsOut(tx, place)) !== seen.isRollingOut) return
  // Dated by the look and not by the write, which may have waited for its database for long; by no clock that anybody sets.
  const ageMs = performance.now() - lookedAtMs
  const changed = readings ? await saveReplicas(tx, ctx, place, seen, readings, desired, ageMs) : []
  await saveDeployment(tx, place, seen, next, ageMs)
  if (readings) await tellDrift(tx, ctx, desired, seen, readings)
  for (const id of changed) await announce(tx, ctx.tenant.id, 'replica', id)
  if (changed.length > 0) await parts.notifyRoutes?.(tx)
  if (seen.deployment.state !== next.state || seen.deployment.isMixed !== next.isMixed || changed.length > 0) {
    await announce(tx, ctx.tenant.id, 'board', seen.deployment.promotionId)
  }
}

async function tellDrift(tx: Tx, ctx: TenantContext, desired: DesiredState, { rows }: Seen, readings: readonly TargetReading[]): Promise<void> {
  const before = rows.map(({ id, drift, driftDetail, digest, configHash }) => ({
    id,
    drift: drift as DriftKind,
    detail: driftDetail,
    digest,
    configHash,
  }))
  const now = readings.map(({ replicaId, drift, driftDetail, digest, configHash }) => ({
    id: replicaId,
    drift,
    detail: driftDetail,
    digest,
    configHash,
  }))
  const drifts = ({ drift }: { drift: DriftKind }) => drift !== 'none'
  await noteDrift(tx, ctx, desired, before.filter(drifts), now.filter(drifts))
}

/** During a rollout its steps make and remove the rows; here only the state of what is there follows. Returns the ids that changed. */
async function saveReplicas(
  tx: Tx,
  ctx: TenantContext,
  place: TargetPlace,
  seen: Seen,
  readings: readonly TargetReading[],
  desired: DesiredState,
  ageMs: number,
): Promise<string[]> {
  const now = ctx.now()
  const observedAt = new Date(now.getTime() - ageMs)
  const changed: string[] = []
  for (const reading of readings) {
    const { replicaId, component, digest, configHash, state, reason, address, startedAt, drift, driftDetail } = reading
    const row = seen.rows.find(({ id }) => id === replicaId)
    if (seen.isRollingOut && (!row || row.state === 'stopping')) continue
    if (!row || shownOf(row) !== shownOf(reading)) changed.push(replicaId)
    const data = {
      component,
      digest,
      configHash,
      state,
      reason,
      address,
      startedAt,
      drift,
      driftDetail,
      observedAt,
      ...(row?.state === state ? {} : { since: now }),
    }
    if (seen.isRollingOut) await tx.replica.updateMany({ where: { id: replicaId, state: { not: 'stopping' } }, data })
    else
      await tx.replica.upsert({
        where: { id: replicaId },
        create: { id: replicaId, tenantId: ctx.tenant.id, ...place, ...data },
        update: data,
        select: { id: true },
      })
  }
  if (seen.isRollingOut) return changed
  const gone = seen.rows.filter((row) => !readings.some(({ replicaId }) => replicaId === row.id))
  const awaited = awaitedOf(desired, gone, readings)
  const dropped = gone.filter((row) => !awaited.includes(row))
  if (dropped.length > 0) await tx.replica.deleteMany({ where: { id: { in: dropped.map(({ id }) => id) } } })
  const lost = awaited.filter((row) => !isMissing(row))
  if (lost.length > 0) {
    await tx.replica.updateMany({
      where: { id: { in: lost.map(({ id }) => id) } },
      data: { state: 'unknown', reason: 'replica_missing', address: '', drift: 'none', driftDetail: '', since: now, observedAt },
    })
  }
  return [...changed, ...[...dropped, ...lost].map(({ id }) => id)]
}

/** A row without its replica stays, as the promise that it is raised again, where one is missing; it serves nothing meanwhile. */
function awaitedOf({ components, configHash }: DesiredState, gone: readonly Replica[], readings: readonly TargetReading[]): Replica[] {
  return components.flatMap(({ name, digest, replicas }) => {
    const missing = replicas - readings.filter(({ component }) => component === name).length
    const own = gone.filter((row) => row.component === name && row.digest === digest && row.configHash === configHash)
    return own.toSorted((left, right) => (left.id < right.id ? -1 : 1)).slice(0, Math.max(0, missing))
  })
}

async function saveDeployment(tx: Tx, { environmentId, applicationId }: TargetPlace, seen: Seen, next: Assessment, ageMs: number): Promise<void> {
  const isMixed = seen.isRollingOut ? seen.deployment.isMixed : next.isMixed
  // Ready since: from the first time that it is ready outside a rollout. Not knowing ends nothing.
  await tx.$executeRaw`
    update deployment set state = ${next.state}, state_reason = ${next.reason}, ready_replicas = ${next.readyReplicas}, is_mixed = ${isMixed},
      observed_at = now() - ${Math.ceil(ageMs)} * interval '1 millisecond',
      ready_since = case when ${next.state} = 'ready' and not ${seen.isRollingOut} then coalesce(ready_since, now())
        when ${next.state} in ('ready', 'unknown') then ready_since else null end
    where environment_id = ${environmentId} and application_id = ${applicationId}`
}
