import { mayLoseAdmin } from '#lib/access/member'
import { noSuchMember } from '#lib/access/queries/list-members'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { Membership, User } from '#lib/platform/generated/client'
import { demand } from '#lib/platform/refusal'

/** A member, with the memberships of the tenant locked: two admins who remove each other at once are one after the other. */
export async function lockMember(tx: Tx, ctx: TenantContext, userId: string): Promise<Membership & { user: User }> {
  await tx.$queryRaw`select id from membership where tenant_id = ${ctx.tenant.id} order by id for update`
  const row = await tx.membership.findFirst({ where: { userId, removedAt: null }, include: { user: true } })
  if (!row) throw noSuchMember()
  return row
}

/** Refuses when the tenant would be left without anybody who can let others in. A disabled admin does not count. */
export async function demandAnotherAdmin(tx: Tx, member: Membership & { user: User }): Promise<void> {
  if (!member.roles.includes('tenant_admin')) return
  const others = await tx.membership.count({
    where: { removedAt: null, roles: { has: 'tenant_admin' }, userId: { not: member.userId }, user: { disabledAt: null } },
  })
  demand(mayLoseAdmin(member.user.name, others))
}
