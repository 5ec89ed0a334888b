import { Prisma } from '#lib/platform/generated/client'
import { reading } from '#lib/platform/together'
import { effectiveUpstream, isWithinTier } from '#lib/promotions/upstream'
import type { EnvironmentFacts } from '#lib/promotions/situation'
import { defaultPolicy, environmentPolicySchema } from '#lib/tenants/environment-policy'
import type { Tier } from '#lib/tenants/tier'

type EnvironmentRow = Omit<EnvironmentFacts, 'isWithinTier' | 'policy'> & { policyVersion: number | null; policyDocument: string | null }

/** The environments of the tenant by rank, each with its newest policy. */
export const environmentRows = reading<EnvironmentRow>(Prisma.sql`
  select e.id, e.slug, e.name, e.rank, e.is_protected as "isProtected", e.is_custom as "isCustom", e.upstream_ids as "upstreamIds",
    e.runtime_kind as "runtimeKind", p.version as "policyVersion", p.document as "policyDocument"
  from environment e left join lateral (
    select version, document from environment_policy where environment_id = e.id order by version desc limit 1
  ) p on true order by e.rank, e.slug`)

/** With the places that releases come from. */
export function environmentsOf(rows: readonly EnvironmentRow[], tier: string): EnvironmentFacts[] {
  return rows.map(({ policyVersion, policyDocument, ...row }) => ({
    ...row,
    isWithinTier: isWithinTier(tier, row),
    upstreamIds: effectiveUpstream(tier, row, rows),
    // Absence never reads as "every gate off".
    policy:
      policyVersion === null || policyDocument === null
        ? { version: 0, document: defaultPolicy(row, tier as Tier) }
        : { version: policyVersion, document: environmentPolicySchema.parse(JSON.parse(policyDocument)) },
  }))
}
