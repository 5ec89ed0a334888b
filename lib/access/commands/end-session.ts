import { findSession } from '#lib/access/internal/identity-rows'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { createContext, type Actor } from '#lib/platform/context'

/** Sign-out of a browser: the row is revoked, so that a copy of the cookie is worth nothing. Nothing happens when it has ended already. */
export async function endSession(sessionId: string): Promise<void> {
  const ctx = createContext({ actor: { kind: 'anonymous' } })
  await ctx.write(async (tx) => {
    const row = await findSession(tx, { sessionId })
    if (!row) return
    await tx.session.update({ where: { id: sessionId }, data: { revokedAt: ctx.now() }, select: { id: true } })
    const actor: Actor = {
      kind: 'person',
      id: row.id,
      email: row.email,
      name: row.name,
      sessionId,
      authenticatedAt: row.authenticated_at,
      isPlatformAdmin: row.is_platform_admin,
      roles: [],
      environmentIds: [],
    }
    await appendEntry(tx, { ...ctx, actor }, { action: 'session.closed', subject: { kind: 'session', id: sessionId } })
  })
}
