import { canonicalJson, digestOfJson, sha256Hex } from '#lib/platform/canonical-json'
import { parsePlan } from '#lib/promotions/plan'
import { RolloutFailure } from '#lib/rollouts/attempts'
import type { Work } from '#lib/rollouts/internal/run'

/**
 * What was approved is what runs: the stored plan hashes to the digest that was approved, what the runtime would be given now
 * hashes to the manifests of the plan, and the manifests of the registry to the digests that it names. A difference is
 * tampering, damage, or another version of Caisson than the one that planned; it ends the rollout.
 */
export async function checkPlan({ run, driver, desired }: Work): Promise<void> {
  await run.ctx.read(async (tx) => {
    const { plan, planDigest } = await tx.promotion.findUniqueOrThrow({
      where: { id: run.claimed.promotionId },
      select: { plan: true, planDigest: true },
    })
    if (digestOfJson(parsePlan(plan)) !== planDigest || canonicalJson(JSON.parse(plan)) !== plan) {
      throw new RolloutFailure(
        'plan_digest_mismatch',
        'The stored plan does not hash to the digest that was approved. Verify the audit log before anything else.',
      )
    }
    const rendered = `sha256:${sha256Hex(driver.render(desired))}`
    if (rendered !== parsePlan(plan).manifestsDigest) {
      throw new RolloutFailure(
        'stale_plan',
        `What would be applied now (${rendered.slice(0, 19)}…) is not what was planned and approved (${parsePlan(plan).manifestsDigest.slice(0, 19)}…). Nothing was touched. Ask for it again, which plans it anew.`,
      )
    }
    for (const { name, repository, digest } of desired.components) {
      const row = await tx.repository.findFirst({ where: { name: repository.split('/').slice(1).join('/') }, select: { id: true } })
      const manifest =
        row && (await tx.manifest.findUnique({ where: { repositoryId_digest: { repositoryId: row.id, digest } }, select: { content: true } }))
      if (!manifest)
        throw new RolloutFailure(
          'manifests_mismatch',
          `The registry has no manifest ${digest} of ${name} in ${repository}. Upload the release again.`,
        )
      if (`sha256:${sha256Hex(manifest.content)}` !== digest) {
        throw new RolloutFailure(
          'manifests_mismatch',
          `The manifest of ${name} in ${repository} does not hash to ${digest}. Restore the registry from a backup.`,
        )
      }
    }
  })
}
