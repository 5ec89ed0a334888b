import { authorize } from '#lib/access/authorize'
import type { TokenView } from '#lib/access/api-token'
import { databaseNow } from '#lib/access/internal/database-clock'
import { tokenVerbsOf } from '#lib/access/permissions'
import type { TenantContext } from '#lib/platform/context'

/** The API tokens of the tenant, newest first, with the verbs that a new one of the caller's could hold. */
export async function listTokens(ctx: TenantContext): Promise<{ items: TokenView[]; offeredVerbs: string[] }> {
  authorize(ctx.actor, 'settings.read')
  return ctx.read(async (tx) => {
    const now = await databaseNow(tx)
    const rows = await tx.apiToken.findMany({ orderBy: { id: 'desc' }, take: 500 })
    const people = await tx.user.findMany({ where: { id: { in: rows.map(({ userId }) => userId) } }, select: { id: true, name: true } })
    const items = rows.map((row) => ({
      id: row.id,
      name: row.name,
      verbs: row.verbs,
      createdBy: { id: row.userId, name: people.find(({ id }) => id === row.userId)?.name ?? row.userId },
      createdAt: row.createdAt.toISOString(),
      expiresAt: row.expiresAt?.toISOString() ?? '',
      lastUsedAt: row.lastUsedAt?.toISOString() ?? '',
      state: row.revokedAt ? ('revoked' as const) : row.expiresAt && row.expiresAt <= now ? ('expired' as const) : ('live' as const),
    }))
    return { items, offeredVerbs: 'roles' in ctx.actor ? tokenVerbsOf(ctx.actor.roles) : [] }
  })
}
