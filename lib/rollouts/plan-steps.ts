// Which replicas start and stop, in which order: pure over what is wanted and what was observed.
import { isDone } from '#lib/readiness/readiness'
import type { DesiredComponent, DesiredState, ObservedReplica } from '#lib/runtime/driver'
import { startWaves } from '#lib/tenants/component-graph'

export interface PlannedStep {
  ordinal: number
  wave: number
  component: string
  act: 'start' | 'stop'
  replicaId: string
  /** What a start brings, or what a stop takes away. */
  digest: string
}

export interface PlanStepsOptions {
  /** Replicas that are right already are replaced as well. */
  replacesAll: boolean
  newReplicaId: () => string
}

/**
 * Steps from what was observed to what is wanted. A component changes once all that it depends on has: it is waited for until it is
 * ready, or has done its work, which is more than `started` asks for. Within a component at most `maxSurge` replicas are extra and at most
 * `maxUnavailable` fewer than wanted serve, when every start waits until it is ready before the next wave. What stays is
 * what already has digest and configuration hash. TypeError for a strategy that can replace nothing.
 */
export function planSteps(desired: DesiredState, observed: readonly ObservedReplica[], options: PlanStepsOptions): PlannedStep[] {
  const names = new Set(desired.components.map(({ name }) => name))
  const order = startWaves(desired.components.map(({ name, spec }) => ({ name, dependsOn: spec.dependsOn })))
  // What nothing is wanted of ends the other way round: whoever depends on another one first.
  const isEnd = desired.components.every(({ replicas }) => replicas === 0)
  const waves = (isEnd ? order.toReversed() : order).flatMap((level) =>
    together(
      desired.components
        .filter(({ name }) => level.includes(name))
        .map((component) =>
          wavesOf(
            component,
            desired,
            observed.filter((replica) => replica.component === component.name),
            options,
          ),
        ),
    ),
  )
  const orphans = observed.filter(({ component }) => !names.has(component))
  if (orphans.length > 0) waves.push(orphans.map(stopOf))
  return waves.flatMap((steps, wave) => steps.map((step) => ({ ...step, wave }))).map((step, ordinal) => ({ ...step, ordinal }))
}

/** The first waves of all as one, then the second: components that do not depend on each other do not wait for each other. */
function together(waves: readonly BareStep[][][]): BareStep[][] {
  const longest = Math.max(0, ...waves.map(({ length }) => length))
  const merged = Array.from({ length: longest }, (_, index) => waves.flatMap((own) => own[index] ?? []))
  return merged.map((steps) => [...steps.filter(({ act }) => act === 'start'), ...steps.filter(({ act }) => act === 'stop')])
}

type BareStep = Omit<PlannedStep, 'ordinal' | 'wave'>

function wavesOf(
  component: DesiredComponent,
  { configHash, strategy }: DesiredState,
  observed: readonly ObservedReplica[],
  options: PlanStepsOptions,
): BareStep[][] {
  const isDead = (one: ObservedReplica) => one.state === 'exited' && !isDone(one)
  const isRight = (one: ObservedReplica) =>
    one.digest === component.digest && one.configHash === configHash && !isDead(one) && one.state !== 'stopping'
  const right = options.replacesAll ? [] : observed.filter(isRight)
  const kept = right.slice(0, component.replicas)
  const leaving = observed.filter((one) => !kept.includes(one) && !isDead(one))
  const dead = observed.filter(isDead)
  const { maxSurge, maxUnavailable } = strategy
  const waveSize = Math.max(maxSurge, maxUnavailable, 1)
  const waves: BareStep[][] = dead.length > 0 ? [dead.map(stopOf)] : []
  let missing = component.replicas - kept.length
  let live = kept.length + leaving.length
  while (missing > 0 || leaving.length > 0) {
    const starts = Math.min(missing, waveSize, Math.max(0, component.replicas + maxSurge - live))
    if (starts > 0) {
      waves.push(
        Array.from({ length: starts }, () => ({
          component: component.name,
          act: 'start' as const,
          replicaId: options.newReplicaId(),
          digest: component.digest,
        })),
      )
      missing -= starts
      live += starts
    }
    const spare = missing === 0 ? leaving.length : Math.max(0, live - (component.replicas - maxUnavailable))
    const stops = leaving.splice(0, Math.min(spare, component.replicas === 0 ? leaving.length : waveSize))
    if (stops.length > 0) waves.push(stops.map(stopOf))
    live -= stops.length
    if (starts === 0 && stops.length === 0) throw new TypeError('with neither maxUnavailable nor maxSurge nothing can be replaced')
  }
  return waves
}

function stopOf({ component, replicaId, digest }: ObservedReplica): BareStep {
  return { component, act: 'stop', replicaId, digest }
}
