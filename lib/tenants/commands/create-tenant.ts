import { authorizePlatform } from '#lib/access/authorize'
import { createContext, type Context } from '#lib/platform/context'
import { isUniqueViolation } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'
import { insertTenant } from '#lib/tenants/internal/insert-tenant'
import type { TenantSummary } from '#lib/tenants/tenant'
import { roles } from '#lib/access/permissions'
import type { Tier } from '#lib/tenants/tier'

/**
 * Makes a tenant with the environments of its tier. The platform admin who makes it becomes its first member, with every role; the
 * entry says so. `conflict` when the slug is taken.
 */
export async function createTenant(ctx: Context, input: { slug: string; name: string; tier: Tier }): Promise<TenantSummary> {
  authorizePlatform(ctx.actor, 'tenant.create')
  const memberId = ctx.actor.kind === 'person' ? ctx.actor.id : undefined
  const platform = createContext({ actor: ctx.actor, requestId: ctx.requestId, now: ctx.now })
  try {
    await platform.write((tx) => insertTenant(tx, platform, { ...input, memberId }))
  } catch (error) {
    if (!isUniqueViolation(error, 'tenant_slug_key')) throw error
    throw new Refusal('conflict', `There is a tenant ${input.slug} already.`, { fix: 'Choose another slug.', cause: error })
  }
  return { slug: input.slug, name: input.name, tier: input.tier, isSuspended: false, roles: memberId === undefined ? [] : [...roles] }
}
