import { authorizePlatform } from '#lib/access/authorize'
import { createContext, type Context } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { isTier } from '#lib/tenants/environment'
import { findTenant } from '#lib/tenants/queries/find-tenant'
import { planRetier, type RetierPlan } from '#lib/tenants/retier'
import type { RetierImpact } from '#lib/tenants/tenant'
import type { Tier } from '#lib/tenants/tier'

/** What a change of tier would do, before anybody does it. */
export async function getRetierPreview(ctx: Context, input: { slug: string; tier: Tier }): Promise<RetierImpact> {
  authorizePlatform(ctx.actor, 'tenant.retier')
  return createContext({ actor: ctx.actor, requestId: ctx.requestId }).read(async (tx) => {
    const tenant = await findTenant(tx, input.slug)
    const from = isTier(tenant.tier) ? tenant.tier : 'LOW'
    const environments = await tx.environment.findMany({ where: { tenantId: tenant.id }, orderBy: { rank: 'asc' } })
    return describeImpact(tx, from, input.tier, planRetier(from, input.tier, environments))
  })
}

export async function describeImpact(tx: Tx, from: Tier, to: Tier, plan: RetierPlan): Promise<RetierImpact> {
  const becomeReadOnly = []
  for (const { id, slug } of plan.becomeReadOnly) {
    const { name } = await tx.environment.findUniqueOrThrow({ where: { id }, select: { name: true } })
    const deployments = await tx.deployment.count({ where: { environmentId: id, isStopped: false } })
    const unsettledPromotions = await tx.promotion.count({ where: { environmentId: id, state: { in: ['requested', 'approved', 'rolling_out'] } } })
    becomeReadOnly.push({ slug, name, deployments, unsettledPromotions })
  }
  return {
    from,
    to,
    direction: plan.direction,
    creates: plan.creates.map(({ slug }) => slug),
    becomeReadOnly,
    becomeOpen: plan.becomeOpen.map(({ slug }) => slug),
    follow: plan.follow.map(({ environment }) => environment.slug),
  }
}
