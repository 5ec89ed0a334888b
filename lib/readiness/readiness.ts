// What probes and the runtime say, as one word with a reason. No result is `unknown`: neither good nor bad.
import type { Alteration } from '#lib/runtime/driver'
import type { ComponentSpec } from '#lib/tenants/component-spec'

export const deploymentStates = ['ready', 'degraded', 'not_ready', 'unknown', 'stopped'] as const
export type DeploymentState = (typeof deploymentStates)[number]

export const replicaStates = ['starting', 'ready', 'not_ready', 'stopping', 'exited', 'unknown'] as const
export type ReplicaReadiness = (typeof replicaStates)[number]

export type ReadinessProbe = ComponentSpec['readiness']

export type ProbeResult = { isReady: true } | { isReady: false; reason: string }

/** What is remembered of one start of one replica. */
export interface ProbeHistory {
  /** By a monotonic clock, as all of these. */
  startedAtMs: number
  consecutiveFailures: number
  lastFailure: string
  hasBeenReady: boolean
  /** When it was last asked; null: never by this process. */
  probedAtMs: number | null
}

export function newHistory(startedAtMs: number): ProbeHistory {
  return { startedAtMs, consecutiveFailures: 0, lastFailure: '', hasBeenReady: false, probedAtMs: null }
}

/** One more result. A failure within the start period, before it was ever ready, does not count. */
export function remember(history: ProbeHistory, probe: ReadinessProbe, result: ProbeResult, nowMs: number): ProbeHistory {
  if (result.isReady) return { ...history, consecutiveFailures: 0, lastFailure: '', hasBeenReady: true, probedAtMs: nowMs }
  const counts = history.hasBeenReady || nowMs - history.startedAtMs >= probe.startPeriodMs
  return { ...history, consecutiveFailures: history.consecutiveFailures + (counts ? 1 : 0), lastFailure: result.reason, probedAtMs: nowMs }
}

/**
 * The state of a running replica by its probes. It stays ready until `retries` failures in a row; one that was never
 * ready is starting until as many failed after its start period; one that was never asked is unknown.
 */
export function judgeProbes(history: ProbeHistory, probe: ReadinessProbe): { state: ReplicaReadiness; reason: string } {
  if (history.probedAtMs === null) return { state: 'unknown', reason: 'not_probed' }
  if (history.consecutiveFailures >= probe.retries) return { state: 'not_ready', reason: history.lastFailure }
  if (history.hasBeenReady) return { state: 'ready', reason: '' }
  return { state: 'starting', reason: history.lastFailure }
}

/** A replica that has not been asked yet by the one who asks now is due; the others by their interval. */
export function isProbeDue(history: ProbeHistory, probe: ReadinessProbe, nowMs: number): boolean {
  return history.probedAtMs === null || nowMs - history.probedAtMs >= probe.intervalMs
}

export interface ReplicaReading {
  component: string
  digest: string
  configHash: string
  state: ReplicaReadiness
  reason: string
  /** What the runtime found that is not as it was sealed or started. */
  alteration?: Alteration | undefined
}

export interface PromisedState {
  configHash: string
  components: readonly { name: string; digest: string; replicas: number }[]
  isStopped: boolean
}

export const driftKinds = ['none', 'digest', 'config', 'unknown_digest', 'component', 'image_altered', 'config_altered'] as const
export type DriftKind = (typeof driftKinds)[number]

/** Never right, whatever is under way: nobody promised a digest that no release has, nor files that were changed on the machine. */
export function isAlarm(drift: DriftKind): boolean {
  return drift === 'unknown_digest' || drift === 'image_altered' || drift === 'config_altered'
}

/** How a replica differs from what is promised. A digest that no release of the tenant has is an alarm of its own. */
export function driftOf(promised: PromisedState, replica: ReplicaReading, knownDigests?: ReadonlySet<string>): DriftKind {
  if (knownDigests && !knownDigests.has(replica.digest)) return 'unknown_digest'
  if (replica.alteration) return replica.alteration.of === 'image' ? 'image_altered' : 'config_altered'
  const component = promised.components.find(({ name }) => name === replica.component)
  if (!component) return 'component'
  if (component.digest !== replica.digest) return 'digest'
  return promised.configHash === replica.configHash ? 'none' : 'config'
}

/** How old an observation may get before it says nothing of now: the prober writes every twenty seconds at least, and waits for a slow probe. */
export function staleAfterMs(components: readonly { spec: { readiness: Pick<ReadinessProbe, 'timeoutMs'> } }[]): number {
  return 25_000 + Math.max(0, ...components.map(({ spec }) => spec.readiness.timeoutMs))
}

const aheadMs = 5000

export function isStale({ observedAt, staleAfterMs: limit }: { observedAt: Date | null; staleAfterMs: number }, now: Date): boolean {
  if (observedAt === null) return false
  const ageMs = now.getTime() - observedAt.getTime()
  // What was observed later than now was observed before somebody set the clock back: nobody knows how long ago.
  return ageMs > limit || ageMs < -aheadMs
}

/** What may be said of a deployment now: what was observed, unless that was too long ago. `now` is the database's clock. */
export function standingState(
  row: { state: string; stateReason: string; observedAt: Date | null; staleAfterMs: number },
  now: Date,
): { state: DeploymentState; reason: string } {
  if (isStale(row, now)) return { state: 'unknown', reason: 'not_observed' }
  return { state: row.state as DeploymentState, reason: row.stateReason }
}

/** It did its work and ended, as what runs once should. */
export function isDone({ state, reason }: { state: string; reason: string }): boolean {
  return state === 'exited' && reason === 'completed'
}

export interface Assessment {
  state: DeploymentState
  /** A code; '' when there is nothing to say. */
  reason: string
  readyReplicas: number
  /** Replicas on different digests or configurations. */
  isMixed: boolean
}

export interface AssessOptions {
  /** While a rollout is in flight, old and new replicas serve together and that is no drift. */
  isRollingOut: boolean
  /** Digests of all releases of the application, when they were looked up. */
  knownDigests?: ReadonlySet<string>
}

/** A deployment by its replicas; undefined readings mean that the runtime could not be asked. */
export function assessDeployment(promised: PromisedState, readings: readonly ReplicaReading[] | undefined, options: AssessOptions): Assessment {
  if (!readings) return { state: 'unknown', reason: 'runtime_unreachable', readyReplicas: 0, isMixed: false }
  const live = readings.filter((one) => isDone(one) || (one.state !== 'stopping' && one.state !== 'exited'))
  const drifts = readings.filter(({ state }) => state !== 'stopping').map((one) => driftOf(promised, one, options.knownDigests))
  const isMixed = !options.isRollingOut && drifts.some((drift) => drift !== 'none')
  const counts = live.filter((one) => options.isRollingOut || driftOf(promised, one) === 'none')
  const ready = counts.filter(isGood).length
  const base = { readyReplicas: live.filter(isGood).length, isMixed }
  const alarm = drifts.find((drift) => drift === 'unknown_digest') ?? drifts.find(isAlarm)
  if (alarm) return { state: 'degraded', reason: alarm, ...base }
  const wanted = promised.components.reduce((sum, { replicas }) => sum + replicas, 0)
  if (promised.isStopped || wanted === 0) {
    if (options.isRollingOut || live.every(isDone)) return { state: 'stopped', reason: '', ...base }
    return { state: 'degraded', reason: 'still_running', ...base }
  }
  const isShort = options.isRollingOut ? ready < wanted : anyShort(promised, live)
  if (!isShort) {
    if (isMixed)
      return { state: 'degraded', reason: drifts.includes('digest') || drifts.includes('component') ? 'mixed_digests' : 'config_drift', ...base }
    return { state: 'ready', reason: options.isRollingOut ? 'rolling_out' : '', ...base }
  }
  const unknown = counts.filter(({ state }) => state === 'unknown').length
  if (unknown > 0 && ready + unknown >= wanted) return { state: 'unknown', reason: 'not_probed', ...base }
  return { state: base.readyReplicas > 0 ? 'degraded' : 'not_ready', reason: worst(readings, options.isRollingOut), ...base }
}

function isGood(one: ReplicaReading): boolean {
  return one.state === 'ready' || isDone(one)
}

function anyShort(promised: PromisedState, live: readonly ReplicaReading[]): boolean {
  return promised.components.some(
    ({ name, replicas }) => live.filter((one) => one.component === name && isGood(one) && driftOf(promised, one) === 'none').length < replicas,
  )
}

/** The reason that explains most: a crash before a failing probe before one that is not there. */
function worst(readings: readonly ReplicaReading[], isRollingOut: boolean): string {
  const of = (state: ReplicaReadiness) => readings.find((one) => one.state === state && !isDone(one))
  const dead = of('exited')
  if (dead) return dead.reason || 'replica_exited'
  const failing = of('not_ready')
  if (failing) return failing.reason || 'probe_failed'
  if (of('starting')) return 'starting'
  if (of('unknown')) return 'not_probed'
  return isRollingOut ? 'rolling_out' : 'replica_missing'
}
