import { authorize, may } from '#lib/access/authorize'
import type { MemberView } from '#lib/access/member'
import { actorId, type TenantContext } from '#lib/platform/context'
import { Refusal } from '#lib/platform/refusal'

/** Who works in the tenant, by name. */
export async function listMembers(ctx: TenantContext): Promise<{ items: MemberView[] }> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const rows = await tx.membership.findMany({ where: { removedAt: null }, include: { user: true } })
    const environments = await tx.environment.findMany({ select: { id: true, slug: true } })
    const items = rows.map((row) => ({
      id: row.userId,
      name: row.user.name,
      email: row.user.email,
      roles: row.roles,
      environments: row.environmentIds.flatMap((id) => environments.find((one) => one.id === id)?.slug ?? []),
      joinedAt: row.createdAt.toISOString(),
      isDisabled: row.user.disabledAt !== null,
      isYou: row.userId === actorId(ctx.actor),
      change: may(ctx.actor, 'member.manage'),
    }))
    return { items: items.toSorted((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id)) }
  })
}

export async function getMember(ctx: TenantContext, userId: string): Promise<MemberView> {
  const member = (await listMembers(ctx)).items.find(({ id }) => id === userId)
  if (!member) throw noSuchMember()
  return member
}

export function noSuchMember(): Refusal {
  return new Refusal('not_found', 'There is no such member here.', { fix: 'List the members again.' })
}
