import { authorizePlatform } from '#lib/access/authorize'
import { getMe } from '#lib/access/queries/get-me'
import { createContext, type Context } from '#lib/platform/context'
import type { TenantSummary } from '#lib/tenants/tenant'

/** The tenants that the caller is a member of. */
export async function listTenants(ctx: Context): Promise<{ items: TenantSummary[] }> {
  return { items: (await getMe(ctx)).tenants }
}

/** Every tenant of the installation, for platform admins; being listed gives no way in. */
export async function listAllTenants(ctx: Context): Promise<{ items: (TenantSummary & { createdAt: string; members: number })[] }> {
  authorizePlatform(ctx.actor, 'platform.settings')
  const mine = (await getMe(ctx)).tenants
  return createContext({ actor: ctx.actor, requestId: ctx.requestId }).read(async (tx) => {
    const tenants = await tx.tenant.findMany({ orderBy: { slug: 'asc' } })
    const members = await tx.membership.groupBy({ by: ['tenantId'], where: { removedAt: null }, _count: true })
    return {
      items: tenants.map(({ id, slug, name, tier, suspendedAt, createdAt }) => ({
        slug,
        name,
        tier,
        isSuspended: suspendedAt !== null,
        roles: mine.find((one) => one.slug === slug)?.roles ?? [],
        createdAt: createdAt.toISOString(),
        members: members.find(({ tenantId }) => tenantId === id)?._count ?? 0,
      })),
    }
  })
}
