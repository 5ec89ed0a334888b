import { authorize } from '#lib/access/authorize'
import { demandAnotherAdmin, lockMember } from '#lib/access/internal/lock-member'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'
import { announce } from '#lib/platform/live-event'

/**
 * Takes a member out. Their sessions and the tokens that they created here are nobody in this tenant from the next request on; the
 * row stays, so that what they did keeps its name. Never the last tenant admin.
 */
export async function removeMember(ctx: TenantContext, input: { member: string }): Promise<void> {
  authorize(ctx.actor, 'member.manage')
  await ctx.write(async (tx) => {
    const member = await lockMember(tx, ctx, input.member)
    await demandAnotherAdmin(tx, member)
    await tx.membership.update({ where: { id: member.id }, data: { removedAt: ctx.now() }, select: { id: true } })
    await appendEntry(tx, ctx, {
      action: 'member.removed',
      subject: { kind: 'user', id: member.userId, name: member.user.email },
      before: { roles: member.roles },
    })
    await announce(tx, ctx.tenant.id, 'settings', 'members')
  })
}
