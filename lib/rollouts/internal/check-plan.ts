import { canonicalJson, digestOfJson, sha256Hex } from '#lib/platform/canonical-json'
import { RolloutFailure } from '#lib/rollouts/attempts'
import type { Work } from '#lib/rollouts/internal/run'

/**
 * What was approved is what runs: the stored plan hashes to the digest that was approved, what the runtime would be given now
 * hashes to the manifests of the plan, and the manifests of the registry to the digests that it names. A difference is
 * tampering, damage, or another version of Caisson than the one that planned; it ends the rollout.
 */
export async function checkPlan({ run, driver, desired, planText, planDigest, plan }: Work): Promise<void> {
  if (digestOfJson(plan) !== planDigest || canonicalJson(JSON.parse(planText)) !== planText) {
    throw new RolloutFailure(
      'plan_digest_mismatch',
      'The stored plan does not hash to the digest that was approved. Verify the audit log before anything else.',
    )
  }
  const rendered = `sha256:${sha256Hex(driver.render(desired))}`
  if (rendered !== plan.manifestsDigest) {
    throw new RolloutFailure(
      'stale_plan',
      `What would be applied now (${rendered.slice(0, 19)}…) is not what was planned and approved (${plan.manifestsDigest.slice(0, 19)}…). Nothing was touched. Ask for it again, which plans it anew.`,
    )
  }
  // A repository is named without its tenant; an image remembers it with.
  const stored = await run.ctx.once<{ name: string; digest: string; content: Uint8Array }>(
    `select r.name, m.digest, m.content from manifest m join repository r on r.id = m.repository_id and r.tenant_id = m.tenant_id
     where m.tenant_id = $1 and m.digest = any($2)`,
    [desired.components.map(({ digest }) => digest)],
  )
  for (const { name, repository, digest } of desired.components) {
    const inTenant = repository.split('/').slice(1).join('/')
    const manifest = stored.find((one) => one.digest === digest && one.name === inTenant)
    if (!manifest)
      throw new RolloutFailure('manifests_mismatch', `The registry has no manifest ${digest} of ${name} in ${repository}. Upload the release again.`)
    if (`sha256:${sha256Hex(manifest.content)}` !== digest) {
      throw new RolloutFailure(
        'manifests_mismatch',
        `The manifest of ${name} in ${repository} does not hash to ${digest}. Restore the registry from a backup.`,
      )
    }
  }
}
