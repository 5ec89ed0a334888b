// The components of a deployment in the order in which they start, each by its replicas and by what it waits for: pure.
import { isDone, type DriftKind, type ReplicaReadiness } from '#lib/readiness/readiness'
import { startWaves } from '#lib/tenants/component-graph'
import type { Dependency } from '#lib/tenants/component-spec'

export const componentStates = ['ready', 'degraded', 'not_ready', 'starting', 'waiting', 'completed', 'stopped', 'unknown'] as const
export type ComponentState = (typeof componentStates)[number]

export interface ComponentReadiness {
  name: string
  digest: string
  /** 0 for what starts first; all of one wave may start together. */
  wave: number
  dependsOn: Dependency[]
  state: ComponentState
  /** A code; '' when there is nothing to say. */
  reason: string
  ready: number
  wanted: number
  /** Components whose condition does not hold yet, while it has no replica itself. */
  waitsFor: Dependency[]
}

export interface ComponentPromise {
  name: string
  digest: string
  replicas: number
  spec: { dependsOn?: Dependency[] | undefined; runs?: 'always' | 'once' | undefined }
}

export interface SeenReplica {
  component: string
  state: ReplicaReadiness
  reason: string
  drift: DriftKind
}

/** Of every promised component, in start order. `isKnown` is false where the last look is too old. */
export function componentReadiness(
  promised: readonly ComponentPromise[],
  replicas: readonly SeenReplica[],
  { isStopped, isKnown, isRollingOut }: { isStopped: boolean; isKnown: boolean; isRollingOut: boolean },
): ComponentReadiness[] {
  const waves = startWaves(promised.map(({ name, spec }) => ({ name, dependsOn: spec.dependsOn })))
  const alone = new Map(promised.map((one) => [one.name, ofItself(one, replicas, isStopped, isRollingOut)]))
  return waves.flatMap((names, wave) =>
    names.flatMap((name): ComponentReadiness[] => {
      const component = promised.find((one) => one.name === name)
      const own = alone.get(name)
      if (!component || !own) return []
      const { dependsOn = [] } = component.spec
      const bare = { name, digest: component.digest, wave, dependsOn, wanted: component.replicas }
      if (!isKnown) return [{ ...bare, state: 'unknown', reason: 'not_observed', ready: 0, waitsFor: [] }]
      const isAbsent = own.live === 0 && own.state !== 'completed' && own.state !== 'stopped'
      // What is not in the release is not waited for: nothing will start it.
      const known = dependsOn.filter(({ component: on }) => alone.has(on))
      const waitsFor = isAbsent ? known.filter(({ component: on, condition }) => !holds(alone.get(on), condition)) : []
      if (waitsFor.length > 0) return [{ ...bare, state: 'waiting', reason: 'waiting', ready: 0, waitsFor }]
      return [{ ...bare, state: own.state, reason: own.reason, ready: own.ready, waitsFor }]
    }),
  )
}

interface Alone {
  state: ComponentState
  reason: string
  ready: number
  live: number
}

function ofItself(
  { name, replicas: wanted, spec }: ComponentPromise,
  replicas: readonly SeenReplica[],
  isStopped: boolean,
  isRollingOut: boolean,
): Alone {
  const own = replicas.filter((one) => one.component === name && one.state !== 'stopping')
  const live = own.filter(({ state }) => state === 'starting' || state === 'ready' || state === 'not_ready').length
  const drifted = own.find(({ drift }) => drift !== 'none')
  const readyOnes = own.filter(({ state }) => state === 'ready')
  const done = own.some((one) => isDone(one) && one.drift === 'none')
  const ready = readyOnes.filter(({ drift }) => drift === 'none').length
  const said = (state: ComponentState, reason: string): Alone => ({ state, reason, ready: readyOnes.length, live })
  if (isStopped || wanted === 0) return live > 0 ? said('degraded', 'still_running') : said('stopped', '')
  if (spec.runs === 'once' && done) return said('completed', 'completed')
  if (drifted && !isRollingOut)
    return said('degraded', drifted.drift === 'config' ? 'config_drift' : drifted.drift === 'digest' ? 'mixed_digests' : drifted.drift)
  if (ready >= wanted) return said('ready', '')
  const worst = own.find(({ state }) => state === 'exited') ?? own.find(({ state }) => state === 'not_ready')
  if (worst)
    return said(readyOnes.length > 0 ? 'degraded' : 'not_ready', worst.reason || (worst.state === 'exited' ? 'replica_exited' : 'probe_failed'))
  if (own.some(({ state }) => state === 'starting')) return said('starting', 'starting')
  const unknown = own.find(({ state, reason }) => state === 'unknown' && reason !== 'replica_missing')
  if (unknown) return said('unknown', unknown.reason || 'not_probed')
  return said(readyOnes.length > 0 ? 'degraded' : 'not_ready', 'replica_missing')
}

/** Whether what a component says of itself is what another one waits for. Nothing that is not there holds anything. */
function holds(one: Alone | undefined, condition: Dependency['condition']): boolean {
  if (!one) return false
  if (one.state === 'completed') return true
  if (condition === 'completed') return false
  return condition === 'healthy' ? one.state === 'ready' : one.live > 0
}
