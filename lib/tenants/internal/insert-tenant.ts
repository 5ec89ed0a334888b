import { appendEntry } from '#lib/audit/commands/append-entry'
import { roles } from '#lib/access/permissions'
import { actorId, type Context, type TenantRef } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { insertDefaults } from '#lib/tenants/internal/insert-environment'
import { tierRules, type Tier } from '#lib/tenants/tier'

/** A tenant with the environments of its tier and one member who has every role, and the first entry of its log. */
export async function insertTenant(
  tx: Tx,
  ctx: Context,
  input: { slug: string; name: string; tier: Tier; memberId: string | undefined },
): Promise<TenantRef & { tier: Tier }> {
  const tenant = { id: newId(), slug: input.slug, tier: input.tier }
  await tx.tenant.create({ data: { ...tenant, name: input.name, createdBy: actorId(ctx.actor) }, select: { id: true } })
  await insertDefaults(tx, ctx, tenant, tierRules[input.tier].environments, new Map())
  if (input.memberId !== undefined) {
    await tx.membership.create({
      data: { id: newId(), tenantId: tenant.id, userId: input.memberId, roles: [...roles], createdBy: actorId(ctx.actor) },
      select: { id: true },
    })
  }
  const ref = { ...tenant, isSuspended: false }
  await appendEntry(
    tx,
    { ...ctx, tenant: ref },
    {
      action: 'tenant.created',
      subject: { kind: 'tenant', id: tenant.id, name: input.slug },
      after: { name: input.name, tier: input.tier, member: input.memberId ?? '', roles: input.memberId === undefined ? [] : [...roles] },
    },
  )
  return ref
}
