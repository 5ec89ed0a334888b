import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'
import { announce } from '#lib/platform/live-event'
import { Refusal } from '#lib/platform/refusal'

/** Ends an API token at once. `not_found` for one that is unknown here or revoked already. */
export async function revokeToken(ctx: TenantContext, input: { token: string }): Promise<void> {
  authorize(ctx.actor, 'token.manage')
  await ctx.write(async (tx) => {
    const [token] = await tx.apiToken.updateManyAndReturn({
      where: { id: input.token, revokedAt: null },
      data: { revokedAt: ctx.now() },
      select: { name: true },
    })
    if (!token) throw new Refusal('not_found', 'There is no such live token here.', { fix: 'List the tokens again.' })
    await appendEntry(tx, ctx, { action: 'token.revoked', subject: { kind: 'token', id: input.token, name: token.name } })
    await announce(tx, ctx.tenant.id, 'settings', 'tokens')
  })
}
