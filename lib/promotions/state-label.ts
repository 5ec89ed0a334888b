// Whether a release can run on the state that another one left: each component may declare a label of what it writes.
import { allowed, refused, type Verdict } from '#lib/platform/refusal'
import type { Place } from '#lib/promotions/resolve-request'
import type { ReleaseFacts } from '#lib/promotions/situation'

export interface StateJudgement {
  /** `unknown`: neither declares one, so nothing speaks against it. */
  kind: 'same' | 'differs' | 'unknown'
  reason: string
}

/** What the labels of two releases say about going from one to the other. */
export function judgeState(
  release: Pick<ReleaseFacts, 'name' | 'components'>,
  running: Pick<ReleaseFacts, 'components'> | undefined,
): StateJudgement {
  const pairs = release.components.map(({ name, spec }) => ({
    wanted: spec.stateLabel,
    now: running?.components.find((one) => one.name === name)?.spec.stateLabel ?? '',
  }))
  if (pairs.every(({ wanted, now }) => wanted === '' && now === '')) {
    return { kind: 'unknown', reason: 'Neither release declares a state label, so nothing is known to stand against its state.' }
  }
  const differs = pairs.find(({ wanted, now }) => wanted !== now)
  if (!differs) return { kind: 'same', reason: 'Both releases declare the same state label: no restore is needed.' }
  return {
    kind: 'differs',
    reason: `What runs declares the state “${differs.now}”, ${release.name} “${differs.wanted}”: the state has to be restored as well.`,
  }
}

/** The order of the runbook (S4.23): stop, then restore, then start. A rollback over another state comes after the first two. */
export function mayRestore({ application, environment }: Place, release: ReleaseFacts): Verdict {
  const deployment = application.deployments.get(environment.id)
  const judged = judgeState(release, deployment && application.releases.get(deployment.releaseId))
  if (judged.kind !== 'differs' || deployment?.isStopped) return allowed
  return refused(
    'conflict',
    `${judged.reason} ${application.slug} still runs in ${environment.slug}.`,
    `Stop it first (caisson stop ${application.slug} ${environment.slug}), restore the state, then roll back and say what was restored.`,
  )
}
