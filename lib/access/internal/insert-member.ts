import type { Role } from '#lib/access/permissions'
import { actorId, type Context } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { Refusal } from '#lib/platform/refusal'

/** A membership, or the one of old brought back with the new roles only. `conflict` for somebody who is a member now. */
export async function insertMember(tx: Tx, ctx: Context, member: { tenantId: string; userId: string; roles: readonly Role[] }): Promise<void> {
  const { count } = await tx.membership.createMany({
    data: [{ ...member, id: newId(), roles: [...member.roles], createdBy: actorId(ctx.actor) }],
    skipDuplicates: true,
  })
  if (count === 1) return
  const back = await tx.membership.updateMany({
    where: { tenantId: member.tenantId, userId: member.userId, removedAt: { not: null } },
    data: { roles: [...member.roles], environmentIds: [], removedAt: null, createdAt: ctx.now(), createdBy: actorId(ctx.actor) },
  })
  if (back.count === 0) {
    throw new Refusal('conflict', 'This person is a member already.', { fix: 'Ask a tenant admin to change their roles.' })
  }
}
