import { authorize, may } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import { isTier, mayCreateEnvironment } from '#lib/tenants/environment'
import type { TenantView } from '#lib/tenants/tenant'
import { tierRules } from '#lib/tenants/tier'

/** The tenant with its usage against the caps of its tier, and what the caller may do in it. */
export async function getTenant(ctx: TenantContext): Promise<TenantView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const tenant = await tx.tenant.findUniqueOrThrow({ where: { id: ctx.tenant.id } })
    const environments = await tx.environment.count()
    const used = await tx.environment.count({ where: { isCustom: true } })
    const mayManage = may(ctx.actor, 'environment.manage')
    return {
      slug: tenant.slug,
      name: tenant.name,
      tier: tenant.tier,
      isSuspended: tenant.suspendedAt !== null,
      roles: 'roles' in ctx.actor ? [...ctx.actor.roles] : [],
      createdAt: tenant.createdAt.toISOString(),
      usage: {
        environments,
        customEnvironments: { used, cap: isTier(tenant.tier) ? tierRules[tenant.tier].customEnvironments : 0 },
        applications: await tx.application.count(),
        members: await tx.membership.count({ where: { removedAt: null } }),
      },
      acts: {
        rename: may(ctx.actor, 'tenant.settings'),
        createEnvironment: mayManage.allowed ? mayCreateEnvironment(tenant.tier, used) : mayManage,
        createApplication: mayManage,
        editPolicy: may(ctx.actor, 'policy.edit'),
        manageMembers: may(ctx.actor, 'member.manage'),
        manageTokens: may(ctx.actor, 'token.manage'),
      },
    }
  })
}
