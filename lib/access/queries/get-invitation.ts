import { databaseNow } from '#lib/access/internal/database-clock'
import { invitationState, type InvitationPreview } from '#lib/access/invitation'
import { hashOfSecretToken } from '#lib/access/secret-token'
import { createContext, type Context } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { Invitation, Tenant } from '#lib/platform/generated/client'
import { Refusal } from '#lib/platform/refusal'

/** What a link is for, to whoever holds it. `not_found` for anything that is no link of ours. */
export async function getInvitation(ctx: Context, input: { token: string }): Promise<InvitationPreview> {
  return createContext({ actor: ctx.actor, requestId: ctx.requestId }).read(async (tx) => {
    const { invitation, tenant } = await findInvitation(tx, input.token)
    const account = await tx.user.findUnique({ where: { email: invitation.email }, select: { id: true } })
    return {
      tenant: { slug: tenant.slug, name: tenant.name },
      email: invitation.email,
      roles: invitation.roles,
      state: invitationState(invitation, await databaseNow(tx)),
      expiresAt: invitation.expiresAt.toISOString(),
      hasAccount: account !== null,
    }
  })
}

export async function findInvitation(tx: Tx, token: string): Promise<{ invitation: Invitation; tenant: Tenant }> {
  const tokenHash = hashOfSecretToken('civ', token)
  const invitation = tokenHash === undefined ? null : await tx.invitation.findUnique({ where: { tokenHash } })
  if (!invitation) throw new Refusal('not_found', 'There is no such invitation.', { fix: 'Copy the whole link, or ask for a new one.' })
  const tenant = await tx.tenant.findUniqueOrThrow({ where: { id: invitation.tenantId } })
  return { invitation, tenant }
}
