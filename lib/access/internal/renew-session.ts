import { databaseNow } from '#lib/access/internal/database-clock'
import type { RenewedSession } from '#lib/access/session'
import type { Actor } from '#lib/platform/actor'
import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { Refusal } from '#lib/platform/refusal'

/**
 * The password was typed: notes when, and gives the session of a browser a new id, so that nobody who knew the old one rises with
 * it. A command line keeps its token, which only the server could have given it. It ends when it would have.
 */
export async function renewSession(tx: Tx, person: Extract<Actor, { kind: 'person' }>): Promise<RenewedSession> {
  const now = await databaseNow(tx)
  const [row] = await tx.$queryRaw<{ is_browser: boolean }[]>`
    select token_hash is null as is_browser from session where id = ${person.sessionId} and revoked_at is null for update`
  if (!row) throw new Refusal('unauthenticated', 'This session has ended.', { fix: 'Sign in again.' })
  if (!row.is_browser) {
    await tx.session.update({ where: { id: person.sessionId }, data: { authenticatedAt: now }, select: { id: true } })
    return { authenticatedAt: now, successor: undefined }
  }
  const old = await tx.session.update({ where: { id: person.sessionId }, data: { revokedAt: now } })
  const { userId, userAgent, address, createdAt, expiresAt } = old
  const id = newId()
  await tx.session.create({
    data: { id, userId, userAgent, address, createdAt, expiresAt, authenticatedAt: now, lastSeenAt: now },
    select: { id: true },
  })
  return { authenticatedAt: now, successor: { sessionId: id, expiresAt } }
}
