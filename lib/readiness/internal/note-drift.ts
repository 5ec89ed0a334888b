// Drift is told once when it is found and once when it is gone: in the log, and to open pages.
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { DriftKind } from '#lib/readiness/readiness'
import type { DesiredState } from '#lib/runtime/driver'

export interface DriftedReplica {
  id: string
  drift: DriftKind
  detail: string
  digest: string
  configHash: string
}

/** An entry where replicas drift that did not before, or differently; another where none drifts any more. */
export async function noteDrift(
  tx: Tx,
  ctx: TenantContext,
  desired: DesiredState,
  before: readonly DriftedReplica[],
  now: readonly DriftedReplica[],
): Promise<void> {
  const added = now.filter(({ id, drift }) => !before.some((one) => one.id === id && one.drift === drift))
  const isOver = before.length > 0 && now.length === 0
  if (added.length === 0 && !isOver) return
  const { environmentId, applicationId, environment, application } = desired.target
  await appendEntry(tx, ctx, {
    action: isOver ? 'deployment.drift_ended' : 'deployment.drift_found',
    subject: { kind: 'deployment', id: `${environmentId}:${applicationId}`, name: `${application} in ${environment}` },
    before: { promised: desired.components.map(({ name, digest }) => `${name} ${digest}`), configHash: desired.configHash },
    after: { replicas: added.map(({ id, drift, detail, digest, configHash }) => ({ id, drift, detail, digest, configHash })) },
    reason: isOver ? 'every replica is as promised again' : 'what runs is not what is promised',
  })
}
