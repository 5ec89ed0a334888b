import { requirePerson } from '#lib/access/authorize'
import { verifyPassword } from '#lib/access/internal/password-hash'
import { renewSession } from '#lib/access/internal/renew-session'
import { countAttempt, forgiveAttempt } from '#lib/access/internal/throttle'
import type { RenewedSession } from '#lib/access/session'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { Actor } from '#lib/platform/actor'
import { createContext, type Context } from '#lib/platform/context'
import { Refusal } from '#lib/platform/refusal'

/**
 * Step-up: the person of the session typed their password again. A browser goes on under a new session id. Refuses `reauthentication_required` for a wrong one
 * and `rate_limited` after too many.
 */
export async function reauthenticate(ctx: Context, input: { password: string }): Promise<RenewedSession> {
  const person = requirePerson(ctx.actor)
  await demandOwnPassword(person, input.password)
  const platform = createContext({ actor: person, requestId: ctx.requestId, now: ctx.now })
  return platform.write(async (tx) => {
    const renewed = await renewSession(tx, person)
    await forgiveAttempt(tx, [{ scope: 'step_up', name: person.id }])
    await appendEntry(tx, platform, {
      action: 'session.reauthenticated',
      subject: { kind: 'session', id: person.sessionId },
      ...(renewed.successor ? { after: { continuesAs: renewed.successor.sessionId } } : {}),
    })
    return renewed
  })
}

/** Counted apart from sign-ins, so that a stranger who fails at the front door cannot lock somebody out of approving. */
export async function demandOwnPassword(person: Extract<Actor, { kind: 'person' }>, password: string): Promise<void> {
  await countAttempt([{ scope: 'step_up', name: person.id }])
  const platform = createContext({ actor: person })
  const credential = await platform.read((tx) => tx.credential.findUnique({ where: { userId: person.id } }))
  if (await verifyPassword(credential?.passwordHash, password)) return
  throw new Refusal('reauthentication_required', 'This is not your password.', { fix: 'Type the password that you sign in with.' })
}
