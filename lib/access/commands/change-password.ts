import { requirePerson } from '#lib/access/authorize'
import { demandOwnPassword } from '#lib/access/commands/reauthenticate'
import { hashPassword } from '#lib/access/internal/password-hash'
import { renewSession } from '#lib/access/internal/renew-session'
import { forgiveAttempt } from '#lib/access/internal/throttle'
import { mayBePassword } from '#lib/access/may-be-password'
import type { RenewedSession } from '#lib/access/session'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { Context } from '#lib/platform/context'
import { demand } from '#lib/platform/refusal'

/** Changes one's own password, for which the current one is asked, and ends one's other sessions. A browser goes on under a new session id. */
export async function changePassword(
  ctx: Context,
  input: { currentPassword: string; newPassword: string },
): Promise<{ sessionsEnded: number; renewed: RenewedSession }> {
  const person = requirePerson(ctx.actor)
  demand(mayBePassword(input.newPassword, person.email))
  await demandOwnPassword(person, input.currentPassword)
  const passwordHash = await hashPassword(input.newPassword)
  return ctx.write(async (tx) => {
    const renewed = await renewSession(tx, person)
    const now = renewed.authenticatedAt
    await tx.credential.update({ where: { userId: person.id }, data: { passwordHash, changedAt: now }, select: { userId: true } })
    const { count } = await tx.session.updateMany({
      where: { userId: person.id, revokedAt: null, id: { notIn: [person.sessionId, renewed.successor?.sessionId ?? ''] } },
      data: { revokedAt: now },
    })
    await forgiveAttempt(tx, [{ scope: 'step_up', name: person.id }])
    await appendEntry(tx, ctx, { action: 'password.changed', subject: { kind: 'user', id: person.id }, after: { sessionsEnded: count } })
    return { sessionsEnded: count, renewed }
  })
}
