import { authorize } from '#lib/access/authorize'
import { databaseNow } from '#lib/access/internal/database-clock'
import { invitationState, type InvitationView } from '#lib/access/invitation'
import type { TenantContext } from '#lib/platform/context'

/** The last two hundred invitations, newest first, whatever became of them. */
export async function listInvitations(ctx: TenantContext): Promise<{ items: InvitationView[] }> {
  authorize(ctx.actor, 'settings.read')
  return ctx.read(async (tx) => {
    const now = await databaseNow(tx)
    const rows = await tx.invitation.findMany({ orderBy: { id: 'desc' }, take: 200 })
    return {
      items: rows.map((row) => ({
        id: row.id,
        email: row.email,
        roles: row.roles,
        state: invitationState(row, now),
        createdAt: row.createdAt.toISOString(),
        createdBy: row.createdBy,
        expiresAt: row.expiresAt.toISOString(),
      })),
    }
  })
}
