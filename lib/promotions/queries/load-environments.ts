import type { Tx } from '#lib/platform/database'
import { effectiveUpstream, isWithinTier } from '#lib/promotions/upstream'
import type { EnvironmentFacts } from '#lib/promotions/situation'
import { defaultPolicy, environmentPolicySchema } from '#lib/tenants/environment-policy'
import type { Tier } from '#lib/tenants/tier'

/** The environments of the tenant by rank, each with its newest policy and the places that releases come from. */
export async function loadEnvironments(tx: Tx, tier: string): Promise<EnvironmentFacts[]> {
  const rows = await tx.environment.findMany({
    orderBy: [{ rank: 'asc' }, { slug: 'asc' }],
    omit: { tenantId: true, createdAt: true, createdBy: true },
  })
  const policies = await tx.$queryRaw<{ environmentId: string; version: number; document: string }[]>`
    select distinct on (environment_id) environment_id as "environmentId", version, document
    from environment_policy order by environment_id, version desc`
  return rows.map((row) => {
    const written = policies.find(({ environmentId }) => environmentId === row.id)
    return {
      ...row,
      isWithinTier: isWithinTier(tier, row),
      upstreamIds: effectiveUpstream(tier, row, rows),
      // Absence never reads as "every gate off".
      policy: written
        ? { version: written.version, document: environmentPolicySchema.parse(JSON.parse(written.document)) }
        : { version: 0, document: defaultPolicy(row, tier as Tier) },
    }
  })
}
