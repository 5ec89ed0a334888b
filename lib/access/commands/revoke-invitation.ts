import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'
import { announce } from '#lib/platform/live-event'
import { Refusal } from '#lib/platform/refusal'

/** Makes a link worthless. `not_found` for one that is unknown, accepted or revoked. */
export async function revokeInvitation(ctx: TenantContext, input: { invitation: string }): Promise<void> {
  authorize(ctx.actor, 'member.manage')
  await ctx.write(async (tx) => {
    const [invitation] = await tx.invitation.updateManyAndReturn({
      where: { id: input.invitation, acceptedAt: null, revokedAt: null },
      data: { revokedAt: ctx.now() },
      select: { email: true },
    })
    if (!invitation) throw new Refusal('not_found', 'There is no such open invitation here.', { fix: 'List the invitations again.' })
    await appendEntry(tx, ctx, { action: 'invitation.revoked', subject: { kind: 'invitation', id: input.invitation, name: invitation.email } })
    await announce(tx, ctx.tenant.id, 'settings', 'members')
  })
}
