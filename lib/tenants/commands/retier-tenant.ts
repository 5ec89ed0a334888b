import { authorizePlatform } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { canonicalJson } from '#lib/platform/canonical-json'
import { createContext, type Context } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { announce } from '#lib/platform/live-event'
import { isTier } from '#lib/tenants/environment'
import { defaultPolicy } from '#lib/tenants/environment-policy'
import { insertDefaults, insertPolicy } from '#lib/tenants/internal/insert-environment'
import { findTenantForUpdate } from '#lib/tenants/queries/find-tenant'
import { getPolicy } from '#lib/tenants/queries/get-policy'
import { describeImpact } from '#lib/tenants/queries/get-retier-preview'
import { planRetier, type RetierPlan } from '#lib/tenants/retier'
import type { RetierImpact } from '#lib/tenants/tenant'
import type { Tier } from '#lib/tenants/tier'

/**
 * Changes the tier. Upwards the missing default environments are made, and those that still stand as the old tier made them follow
 * the new one; downwards nothing is deleted or changed: what is over the limit becomes read-only. Answers what it did.
 */
export async function retierTenant(ctx: Context, input: { slug: string; tier: Tier; reason: string }): Promise<RetierImpact> {
  authorizePlatform(ctx.actor, 'tenant.retier')
  const platform = createContext({ actor: ctx.actor, requestId: ctx.requestId, now: ctx.now })
  return platform.write(async (tx) => {
    const tenant = await findTenantForUpdate(tx, input.slug)
    const from = isTier(tenant.tier) ? tenant.tier : 'LOW'
    const environments = await tx.environment.findMany({ where: { tenantId: tenant.id } })
    const plan = planRetier(from, input.tier, environments)
    const impact = await describeImpact(tx, from, input.tier, plan)
    if (plan.direction === 'same') return impact
    const changed = { id: tenant.id, tier: input.tier }
    await tx.tenant.update({ where: { id: tenant.id }, data: { tier: input.tier }, select: { id: true } })
    const ids = await insertDefaults(tx, platform, changed, plan.creates, new Map(environments.map(({ slug, id }) => [slug, id])))
    for (const follower of plan.follow) await follow(tx, platform, changed, from, follower, ids)
    const ref = { ...changed, slug: tenant.slug, isSuspended: tenant.suspendedAt !== null }
    await appendEntry(
      tx,
      { ...platform, tenant: ref },
      {
        action: 'tenant.retiered',
        subject: { kind: 'tenant', id: tenant.id, name: tenant.slug },
        before: { tier: from },
        after: { tier: input.tier, created: impact.creates, readOnly: impact.becomeReadOnly.map(({ slug }) => slug), followed: impact.follow },
        reason: input.reason,
      },
    )
    await announce(tx, tenant.id, 'board', 'environments')
    await announce(tx, tenant.id, 'settings', 'tenant')
    return impact
  })
}

async function follow(
  tx: Tx,
  ctx: Context,
  tenant: { id: string; tier: Tier },
  from: Tier,
  { environment, rule }: RetierPlan['follow'][number],
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  await tx.environment.update({
    where: { id: environment.id },
    data: { isProtected: rule.isProtected, upstreamIds: rule.upstream.flatMap((slug) => ids.get(slug) ?? []) },
    select: { id: true },
  })
  const policy = await getPolicy(tx, environment.id)
  const isUntouched = canonicalJson(policy.document) === canonicalJson(defaultPolicy(environment, from))
  const document = defaultPolicy(environment, tenant.tier)
  if (!isUntouched || canonicalJson(document) === canonicalJson(policy.document)) return
  await insertPolicy(tx, ctx, { tenantId: tenant.id, environmentId: environment.id, version: policy.version + 1, document })
}
