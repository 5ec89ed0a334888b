import { findSession } from '#lib/access/internal/identity-rows'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { createContext, type Actor } from '#lib/platform/context'

/** Sign-out of a browser: the row is revoked, so that a copy of the cookie is worth nothing. Nothing happens when it has ended already. */
export async function endSession(sessionId: string): Promise<void> {
  const row = await findSession({ sessionId })
  if (!row) return
  const ctx = createContext({ actor: { kind: 'anonymous' } })
  await ctx.write(async (tx) => {
    const { count } = await tx.session.updateMany({ where: { id: sessionId, revokedAt: null }, data: { revokedAt: ctx.now() } })
    if (count === 0) return
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
