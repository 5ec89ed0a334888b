import { allowed, type Verdict } from '#lib/platform/refusal'
import type { Place, Resolved } from '#lib/promotions/resolve-request'
import type { Situation } from '#lib/promotions/situation'
import { mayRun } from '#lib/runtime/runtime-facts'

/**
 * Whether the runtime of the environment can run what is asked for, by what a worker last saw of it: `unsupported` for what it never
 * can, `runtime_unavailable` where it is not there or nothing is known of it. Running less of what runs is always possible.
 */
export function mayRunHere(
  situation: Pick<Situation, 'runtimes'>,
  { application, environment }: Place,
  toRun: Pick<Resolved, 'kind' | 'release' | 'replicas'>,
): Verdict {
  const running = application.deployments.get(environment.id)?.replicas ?? 0
  if (toRun.replicas === 0 || (toRun.kind === 'scale' && toRun.replicas <= running)) return allowed
  const needs = toRun.release.components.map(({ name, javaLevel, spec }) => ({ name, javaLevel, memoryMiB: spec.memoryMiB }))
  return mayRun(environment.runtimeKind, situation.runtimes.get(environment.runtimeKind), needs)
}
