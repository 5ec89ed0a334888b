import { requirePerson } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { Context } from '#lib/platform/context'
import { Refusal } from '#lib/platform/refusal'

/** Ends one of one's own sessions: `current` is the one that asks. A session of somebody else is not found. */
export async function revokeSession(ctx: Context, input: { session: string }): Promise<void> {
  const person = requirePerson(ctx.actor)
  const id = input.session === 'current' ? person.sessionId : input.session
  await ctx.write(async (tx) => {
    const { count } = await tx.session.updateMany({ where: { id, userId: person.id, revokedAt: null }, data: { revokedAt: ctx.now() } })
    if (count === 0) throw new Refusal('not_found', 'There is no such session of yours.', { fix: 'List your sessions again.' })
    await appendEntry(tx, ctx, { action: 'session.revoked', subject: { kind: 'session', id } })
  })
}
