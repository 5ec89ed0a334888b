// Which replicas are where: the sentence at the end of every rollout that did not do all of its work.
import { isDone } from '#lib/readiness/readiness'
import type { DesiredState, ObservedReplica } from '#lib/runtime/driver'

const isLive = (one: ObservedReplica) => one.state === 'running' || one.state === 'starting' || isDone(one)

/** `Running: 2 replicas of app (r-1, r-2) on sha256:4f2a09c1d2e3; …`: digests by their first twelve digits. */
export function describeWhere(observed: readonly ObservedReplica[]): string {
  const groups = Map.groupBy(observed.filter(isLive), ({ component, digest }) => `${component} ${digest}`)
  if (groups.size === 0) return 'Nothing runs.'
  const words = [...groups.values()].map((group) => {
    const [first] = group
    const many = group.length === 1 ? '1 replica' : `${group.length} replicas`
    return `${many} of ${first?.component ?? ''} (${group.map(({ replicaId }) => replicaId).join(', ')}) on ${first?.digest.slice(0, 19) ?? ''}`
  })
  return `Running: ${words.join('; ')}.`
}

/** Whether everything that runs is what a state says, in the numbers that it says when `exactly`. */
export function runsOnly(state: Pick<DesiredState, 'components' | 'configHash'>, observed: readonly ObservedReplica[], exactly: boolean): boolean {
  const live = observed.filter(isLive)
  const isRight = (one: ObservedReplica) =>
    one.configHash === state.configHash && state.components.some(({ name, digest }) => name === one.component && digest === one.digest)
  if (!live.every(isRight)) return false
  return !exactly || state.components.every(({ name, replicas }) => live.filter(({ component }) => component === name).length === replicas)
}
