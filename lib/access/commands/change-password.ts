import { requirePerson } from '#lib/access/authorize'
import { demandOwnPassword } from '#lib/access/commands/reauthenticate'
import { databaseNow } from '#lib/access/internal/database-clock'
import { hashPassword } from '#lib/access/internal/password-hash'
import { forgiveAttempt } from '#lib/access/internal/throttle'
import { mayBePassword } from '#lib/access/password'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { Context } from '#lib/platform/context'
import { demand } from '#lib/platform/refusal'

/** Changes one's own password, for which the current one is asked, and ends one's other sessions. */
export async function changePassword(ctx: Context, input: { currentPassword: string; newPassword: string }): Promise<{ sessionsEnded: number }> {
  const person = requirePerson(ctx.actor)
  demand(mayBePassword(input.newPassword, person.email))
  await demandOwnPassword(person, input.currentPassword)
  const passwordHash = await hashPassword(input.newPassword)
  return ctx.write(async (tx) => {
    const now = await databaseNow(tx)
    await tx.credential.update({ where: { userId: person.id }, data: { passwordHash, changedAt: now }, select: { userId: true } })
    const { count } = await tx.session.updateMany({
      where: { userId: person.id, revokedAt: null, id: { not: person.sessionId } },
      data: { revokedAt: now },
    })
    await tx.session.update({ where: { id: person.sessionId }, data: { authenticatedAt: now }, select: { id: true } })
    await forgiveAttempt(tx, [{ scope: 'step_up', name: person.id }])
    await appendEntry(tx, ctx, { action: 'password.changed', subject: { kind: 'user', id: person.id }, after: { sessionsEnded: count } })
    return { sessionsEnded: count }
  })
}
