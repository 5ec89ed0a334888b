// What a rollout saw is evidence: pushed in the transaction that settles it, whatever it says.
import { recordEvidence } from '#lib/evidence/commands/record-evidence'
import { canonicalJson } from '#lib/platform/canonical-json'
import type { Tx } from '#lib/platform/database'
import { changesWhatRuns } from '#lib/promotions/promotion-kind'
import type { Work } from '#lib/rollouts/internal/run'
import type { VerificationCheck } from '#lib/rollouts/verification'
import type { ObservedReplica } from '#lib/runtime/driver'

/** A restart, a stop or another count of the same replicas says nothing new about a release. */
export async function pushEvidence(tx: Tx, work: Work, checks: readonly VerificationCheck[], observed: readonly ObservedReplica[]): Promise<void> {
  const { run, desired, kind, releaseId } = work
  if (!changesWhatRuns(kind)) return
  const { promotionId, rolloutId } = run.claimed
  const { environmentId, applicationId } = desired.target
  const replicas = observed
    .map(({ replicaId, component, digest, configHash, state }) => ({ replicaId, component, digest, configHash, state }))
    .toSorted((a, b) => (a.replicaId < b.replicaId ? -1 : 1))
  for (const [control, suite] of [
    ['readiness-output', 'status'],
    ['smoke-test', 'auto'],
  ] as const) {
    const check = checks.find((one) => one.suite === suite)
    if (!check || check.outcome === 'not_applicable') continue
    await recordEvidence(tx, run.ctx, {
      control,
      scope: { environmentId, applicationId, releaseId },
      outcome: check.outcome === 'passed' ? 'pass' : 'fail',
      isObserved: true,
      summary: check.detail,
      content: { text: canonicalJson({ promotionId, rolloutId, configHash: desired.configHash, ...check, replicas }), mediaType: 'application/json' },
      promotionId,
    })
  }
}
