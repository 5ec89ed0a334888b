import { randomInt } from 'node:crypto'
import { normaliseEmail } from '#lib/access/normalise-email'
import { databaseNow } from '#lib/access/internal/database-clock'
import { hashPassword } from '#lib/access/internal/password-hash'
import { forgiveAttempt } from '#lib/access/internal/throttle'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { createContext, systemActor } from '#lib/platform/context'
import { Refusal } from '#lib/platform/refusal'

/**
 * `caisson admin reset-password <email>`, by whoever may run commands on the server: a new generated password, shown once. Ends all
 * sessions of the account and forgets its failed sign-ins. `not_found` for an unknown email.
 */
export async function resetPassword(input: { email: string }): Promise<{ email: string; password: string }> {
  const ctx = createContext({ actor: systemActor('admin-cli') })
  const email = normaliseEmail(input.email)
  const password = generatePassword()
  const passwordHash = await hashPassword(password)
  await ctx.write(async (tx) => {
    const user = await tx.user.findUnique({ where: { email } })
    if (!user) throw new Refusal('not_found', `There is no account ${email}.`, { fix: 'Check the spelling.' })
    const now = await databaseNow(tx)
    await tx.credential.upsert({
      where: { userId: user.id },
      create: { userId: user.id, passwordHash },
      update: { passwordHash, changedAt: now },
      select: { userId: true },
    })
    const { count } = await tx.session.updateMany({ where: { userId: user.id, revokedAt: null }, data: { revokedAt: now } })
    await forgiveAttempt(tx, [
      { scope: 'account', name: email },
      { scope: 'step_up', name: user.id },
    ])
    await appendEntry(tx, ctx, { action: 'password.reset', subject: { kind: 'user', id: user.id, name: email }, after: { sessionsEnded: count } })
  })
  return { email, password }
}

const letters = 'abcdefghijkmnpqrstuvwxyz23456789'

/** 20 characters without look-alikes in groups of five: 100 bits, easy to type off a terminal. */
export function generatePassword(): string {
  return Array.from({ length: 4 }, fiveCharacters).join('-')
}

function fiveCharacters(): string {
  return Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('')
}
