import type { ReactNode } from 'react'
import { gateName } from '#components/gates/gate-words'
import { ChangeList, type ChangeKind, type ChangeRow } from '#components/promotion/change-list'
import { Digest } from '#components/ui/digest'
import type { PlanDocument } from '#lib/promotions/plan'

/** What a plan changes against what ran when it was made: release, images, configuration, replicas, and what it is exempt from. */
export function PlanChanges({ plan }: { plan: PlanDocument }): ReactNode {
  return <ChangeList label="What the plan changes" rows={planRows(plan)} />
}

function planRows(plan: PlanDocument): ChangeRow[] {
  const { baseline } = plan
  const row = (key: string, what: ReactNode, before: string | null, after: string | null): ChangeRow => ({
    key,
    change: changeOf(before, after),
    what,
    before: before ?? 'none',
    after: after ?? 'none',
  })
  return [
    row('release', 'Release', baseline?.release ?? null, plan.release.name),
    ...imageRows(plan),
    row('config', 'Configuration', baseline ? `r${baseline.configRevision}` : null, `r${plan.config.revision}`),
    row('replicas', 'Replicas of each component', baseline ? runs(baseline.isStopped ? 0 : baseline.replicas) : null, runs(plan.replicas)),
    ...(plan.waivers.length > 0
      ? [row('waivers', 'Gates waived', null, plan.waivers.map(({ gate }) => gateName(gate).toLowerCase()).join(', '))]
      : []),
    ...(plan.freezeExemptions.length > 0
      ? [
          row(
            'freezes',
            'Passes while closed',
            null,
            plan.freezeExemptions.length === 1 ? 'one freeze, by rule' : `${plan.freezeExemptions.length} freezes, by rule`,
          ),
        ]
      : []),
  ]
}

function runs(replicas: number): string {
  return replicas === 0 ? '0, stopped' : String(replicas)
}

function imageRows({ baseline, release }: PlanDocument): ChangeRow[] {
  const names = [...new Set([...(baseline?.components ?? []), ...release.components].map(({ name }) => name))]
  return names.map((name) => {
    const before = baseline?.components.find((one) => one.name === name)?.digest ?? null
    const after = release.components.find((one) => one.name === name)?.digest ?? null
    return {
      key: `image ${name}`,
      change: changeOf(before, after),
      what: names.length === 1 ? 'Image' : `Image of ${name}`,
      before: before ? <Digest digest={before} /> : 'not there',
      after: after ? <Digest digest={after} /> : 'gone',
    }
  })
}

function changeOf(before: string | null, after: string | null): ChangeKind {
  if (before === after) return 'same'
  if (before === null) return 'added'
  return after === null ? 'removed' : 'changed'
}
