import type { z } from 'zod'
import { authorize, requirePerson } from '#lib/access/authorize'
import { mayHoldVerbs, type CreatedToken, type createTokenInput } from '#lib/access/api-token'
import { databaseNow, hoursAfter } from '#lib/access/internal/database-clock'
import { newSecretToken } from '#lib/access/secret-token'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'
import { newId } from '#lib/platform/id'
import { announce } from '#lib/platform/live-event'
import { demand } from '#lib/platform/refusal'

/** An API token of this tenant, with a subset of what its creator may. The secret is in this answer and nowhere else. */
export async function createToken(ctx: TenantContext, input: z.output<typeof createTokenInput>): Promise<CreatedToken> {
  authorize(ctx.actor, 'token.manage')
  const person = requirePerson(ctx.actor)
  demand(mayHoldVerbs(input.verbs, person.roles))
  const { token: secret, hash } = newSecretToken('cat')
  const id = newId()
  const verbs = [...new Set(['tenant.read', ...input.verbs])].toSorted() // one that cannot look cannot do anything
  return ctx.write(async (tx) => {
    const now = await databaseNow(tx)
    const expiresAt = input.expiresInDays === undefined ? null : hoursAfter(now, input.expiresInDays * 24)
    await tx.apiToken.create({
      data: { id, tenantId: ctx.tenant.id, userId: person.id, name: input.name, tokenHash: hash, verbs, createdAt: now, expiresAt },
      select: { id: true },
    })
    await appendEntry(tx, ctx, {
      action: 'token.created',
      subject: { kind: 'token', id, name: input.name },
      after: { verbs, expiresAt: expiresAt?.toISOString() ?? '' },
    })
    await announce(tx, ctx.tenant.id, 'settings', 'tokens')
    return {
      id,
      name: input.name,
      verbs,
      createdBy: { id: person.id, name: person.name },
      createdAt: now.toISOString(),
      expiresAt: expiresAt?.toISOString() ?? '',
      lastUsedAt: '',
      state: 'live',
      secret,
    }
  })
}
