import { authorize, may } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { Environment } from '#lib/platform/generated/client'
import { environmentStanding, type EnvironmentView } from '#lib/tenants/environment'
import { findEnvironment } from '#lib/tenants/queries/find-environment'

/** The environments of the tenant in the order of the board. */
export async function listEnvironments(ctx: TenantContext): Promise<{ items: EnvironmentView[] }> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => ({ items: await present(tx, ctx, await tx.environment.findMany({ orderBy: [{ rank: 'asc' }, { slug: 'asc' }] })) }))
}

export async function getEnvironment(ctx: TenantContext, input: { environment: string }): Promise<EnvironmentView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const [view] = await present(tx, ctx, [await findEnvironment(tx, input.environment)])
    if (!view) throw new Error('an environment has no view')
    return view
  })
}

async function present(tx: Tx, ctx: TenantContext, rows: Environment[]): Promise<EnvironmentView[]> {
  const tenant = await tx.tenant.findUniqueOrThrow({ where: { id: ctx.tenant.id }, select: { tier: true } })
  const all = await tx.environment.findMany({ select: { id: true, slug: true } })
  const versions = await tx.environmentPolicy.groupBy({ by: ['environmentId'], _max: { version: true } })
  return rows.map((row) => ({
    id: row.id,
    slug: row.slug,
    name: row.name,
    rank: row.rank,
    isProtected: row.isProtected,
    isCustom: row.isCustom,
    upstream: row.upstreamIds.flatMap((id) => all.find((one) => one.id === id)?.slug ?? []),
    runtimeKind: row.runtimeKind,
    standing: environmentStanding(tenant.tier, row),
    policyVersion: versions.find(({ environmentId }) => environmentId === row.id)?._max.version ?? 0,
    createdAt: row.createdAt.toISOString(),
    edit: may(ctx.actor, 'environment.manage', { environment: row }),
    editOverlay: may(ctx.actor, 'overlay.edit', { environment: row }),
  }))
}
