// What a claimed plan leaves as evidence: what was approved to run, and the manifests that the runtime is given.
import { recordEvidence } from '#lib/evidence/commands/record-evidence'
import { recordReleaseApproval } from '#lib/evidence/commands/record-release-approval'
import { sha256Hex } from '#lib/platform/canonical-json'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { desiredStateOf } from '#lib/promotions/desired-state'
import type { Reassessed } from '#lib/promotions/internal/reassess'
import { changesWhatRuns } from '#lib/promotions/promotion-kind'
import { renderManifests } from '#lib/runtime/render-manifests'

/** In the transaction of the claim; `earlier` approved the same before, where the policy lets that count. Answers the id of the release approval; undefined where what was approved before still stands. */
export async function keepApproval(tx: Tx, ctx: TenantContext, judged: Reassessed, earlier: readonly string[]): Promise<string | undefined> {
  const { promotion, assessment, place, resolved, situation } = judged
  const { plan } = assessment
  if (resolved.kind === 'stop') return undefined
  const desired = desiredStateOf(plan, resolved.revision.document)
  const scope = { environmentId: place.environment.id, applicationId: place.application.id, releaseId: resolved.release.id }
  const approved = {
    application: plan.application.slug,
    environment: plan.environment.slug,
    release: plan.release.name,
    promotionId: promotion.id,
    planDigest: assessment.planDigest,
    components: plan.release.components.map(({ name, digest }) => ({ name, digest })),
    configRevision: plan.config.revision,
    overlayHash: plan.config.hash,
    runningHash: desired.configHash,
    policyVersion: plan.policyVersion,
    approvedBy: [...new Set([...assessment.counted.map(({ approverId }) => approverId), ...earlier])],
  }
  const isChange = changesWhatRuns(resolved.kind)
  if (!isChange && (await stillStands(tx, scope, approved, situation.now))) return undefined
  const { id } = await recordReleaseApproval(tx, ctx, scope, approved, situation.now)
  if (isChange) {
    const text = renderManifests(plan.runtime.kind, desired)
    if (`sha256:${sha256Hex(text)}` !== plan.manifestsDigest) throw new TypeError('the manifests of a plan are not those that it was made with')
    await recordEvidence(tx, ctx, {
      control: 'rendered-manifest',
      scope,
      outcome: 'pass',
      isObserved: true,
      summary: `Rendered for the ${plan.runtime.kind} runtime, as the approved plan says.`,
      content: { text, mediaType: 'application/json' },
      promotionId: promotion.id,
    })
  }
  return id
}

/** A restart or another count of replicas needs no new approval while digests and values are those that were approved. */
async function stillStands(
  tx: Tx,
  scope: { environmentId: string; applicationId: string; releaseId: string },
  approved: { overlayHash: string; runningHash: string },
  now: Date,
): Promise<boolean> {
  const row = await tx.releaseApproval.findFirst({ where: scope, orderBy: { approvedAt: 'desc' } })
  if (!row || row.expiresAt <= now) return false
  const content = JSON.parse(row.content) as typeof approved
  return content.overlayHash === approved.overlayHash && content.runningHash === approved.runningHash
}
