import { requirePerson } from '#lib/access/authorize'
import { databaseNow, hoursAfter } from '#lib/access/internal/database-clock'
import { sessionIdleHours, type SessionView } from '#lib/access/session'
import type { Context } from '#lib/platform/context'

/** One's own live sessions, the last used first. */
export async function listSessions(ctx: Context): Promise<{ items: SessionView[] }> {
  const person = requirePerson(ctx.actor)
  return ctx.read(async (tx) => {
    const now = await databaseNow(tx)
    const rows = await tx.session.findMany({
      where: { userId: person.id, revokedAt: null, expiresAt: { gt: now }, lastSeenAt: { gt: hoursAfter(now, -sessionIdleHours) } },
      orderBy: { lastSeenAt: 'desc' },
      take: 200,
    })
    return {
      items: rows.map((row) => ({
        id: row.id,
        kind: row.tokenHash === null ? ('browser' as const) : ('command_line' as const),
        isCurrent: row.id === person.sessionId,
        createdAt: row.createdAt.toISOString(),
        lastSeenAt: row.lastSeenAt.toISOString(),
        authenticatedAt: row.authenticatedAt.toISOString(),
        expiresAt: row.expiresAt.toISOString(),
        userAgent: row.userAgent,
        address: row.address,
      })),
    }
  })
}
