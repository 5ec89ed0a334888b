import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { wake } from '#lib/promotions/internal/advance'

/** Has every waiting promotion of a scope looked at again, because something that it may wait for changed. */
export async function wakeWaiting(tx: Tx, ctx: TenantContext, scope: { environmentId?: string; applicationId?: string }): Promise<void> {
  const waiting = await tx.promotion.findMany({ where: { ...scope, state: { in: ['requested', 'approved'] } }, select: { id: true } })
  for (const { id } of waiting) await wake(tx, ctx, id)
}
