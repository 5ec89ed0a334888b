import { authorize } from '#lib/access/authorize'
import { databaseNow, hoursAfter } from '#lib/access/internal/database-clock'
import { invitationHours, type CreatedInvitation } from '#lib/access/invitation'
import type { Role } from '#lib/access/permissions'
import { newSecretToken } from '#lib/access/secret-token'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { actorId, type TenantContext } from '#lib/platform/context'
import { isUniqueViolation } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { announce } from '#lib/platform/live-event'
import { Refusal } from '#lib/platform/refusal'
import { publicUrl } from '#lib/platform/settings'

/** A link that lets one person in, once, within 72 hours. `conflict` for a member, or while another invitation to them is open. */
export async function createInvitation(ctx: TenantContext, input: { email: string; roles: Role[] }): Promise<CreatedInvitation> {
  authorize(ctx.actor, 'member.manage')
  const { token, hash } = newSecretToken('civ')
  const id = newId()
  try {
    return await ctx.write(async (tx) => {
      const now = await databaseNow(tx)
      const member = await tx.membership.findFirst({ where: { removedAt: null, user: { email: input.email } }, select: { id: true } })
      if (member) throw new Refusal('conflict', `${input.email} is a member already.`, { fix: 'Change their roles instead.' })
      // One that ran out is no obstacle to the next.
      await tx.invitation.updateMany({
        where: { email: input.email, acceptedAt: null, revokedAt: null, expiresAt: { lte: now } },
        data: { revokedAt: now },
      })
      const row = {
        id,
        email: input.email,
        roles: input.roles,
        createdBy: actorId(ctx.actor),
        createdAt: now,
        expiresAt: hoursAfter(now, invitationHours),
      }
      await tx.invitation.create({ data: { ...row, tenantId: ctx.tenant.id, tokenHash: hash }, select: { id: true } })
      await appendEntry(tx, ctx, {
        action: 'invitation.created',
        subject: { kind: 'invitation', id, name: input.email },
        after: { roles: input.roles, expiresAt: row.expiresAt.toISOString() },
      })
      await announce(tx, ctx.tenant.id, 'settings', 'members')
      return {
        ...row,
        state: 'open' as const,
        createdAt: now.toISOString(),
        expiresAt: row.expiresAt.toISOString(),
        token,
        url: `${publicUrl()}/invitations/${token}`,
      }
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'invitation_one_open')) throw error
    throw new Refusal('conflict', `There is an open invitation to ${input.email}.`, { fix: 'Revoke it to make a new link.', cause: error })
  }
}
