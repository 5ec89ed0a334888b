import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { announcePromotion } from '#lib/promotions/internal/advance'
import { lockPromotion } from '#lib/promotions/internal/lock-promotion'
import { promotionName } from '#lib/promotions/internal/promotion-name'
import { demand } from '#lib/platform/refusal'
import { mayPromotion } from '#lib/promotions/promotion'

export interface Settlement {
  /** completed: applied and verified · failed: the software or a gate said no, or it was cancelled · errored: we or the runtime broke */
  state: 'completed' | 'failed' | 'errored'
  /** One sentence with what is where; '' for completed. */
  outcome: string
}

/** Settles a promotion that rolls out, in the transaction that settles its rollout. `conflict` for one that does not roll out. */
export async function settlePromotion(tx: Tx, ctx: TenantContext, promotionId: string, settlement: Settlement): Promise<void> {
  const row = await lockPromotion(tx, promotionId)
  demand(mayPromotion('settle', row))
  await tx.$executeRaw`update promotion set state = ${settlement.state}, settled_at = now(), outcome = ${settlement.outcome} where id = ${promotionId}`
  await appendEntry(tx, ctx, {
    action: `promotion.${settlement.state}`,
    subject: { kind: 'promotion', id: promotionId, name: await promotionName(tx, promotionId) },
    outcome: settlement.state === 'completed' ? 'done' : 'failed',
    before: { state: row.state },
    after: { state: settlement.state },
    reason: settlement.outcome,
  })
  await announcePromotion(tx, ctx, row)
}
