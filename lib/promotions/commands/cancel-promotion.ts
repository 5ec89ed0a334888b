import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { actorId, type TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { enqueue } from '#lib/platform/jobs'
import { demand, Refusal } from '#lib/platform/refusal'
import { announcePromotion } from '#lib/promotions/internal/advance'
import { environmentOf, lockPromotion } from '#lib/promotions/internal/lock-promotion'
import { cancelPromotionInput, type PromotionView } from '#lib/promotions/promotion'
import { mayPromotion } from '#lib/promotions/promotion-state'
import { presentPromotion } from '#lib/promotions/queries/get-promotion'

/**
 * Takes a waiting promotion back at once. One that rolls out is asked to stop after the running step: its rollout ends `failed`,
 * reason `cancelled`, and says which replicas are where.
 */
export async function cancelPromotion(ctx: TenantContext, input: z.input<typeof cancelPromotionInput>): Promise<PromotionView> {
  const { promotion: id, reason } = cancelPromotionInput.parse(input)
  return ctx.write(async (tx) => {
    const row = await lockPromotion(tx, id)
    authorize(ctx.actor, 'promotion.cancel', { environment: await environmentOf(tx, row) })
    demand(mayPromotion('cancel', row))
    if (row.state === 'rolling_out') await stopRollout(tx, ctx, id)
    else await takeBack(tx, id, reason)
    await appendEntry(tx, ctx, {
      action: row.state === 'rolling_out' ? 'promotion.cancel_asked' : 'promotion.cancelled',
      subject: { kind: 'promotion', id, name: row.name },
      before: { state: row.state },
      after: { state: row.state === 'rolling_out' ? row.state : 'cancelled' },
      reason,
    })
    await announcePromotion(tx, ctx, row)
    return presentPromotion(tx, ctx, id)
  })
}

async function takeBack(tx: Tx, id: string, reason: string): Promise<void> {
  const outcome = reason === '' ? 'Cancelled.' : `Cancelled: ${reason}`
  await tx.$executeRaw`update promotion set state = 'cancelled', settled_at = now(), outcome = ${outcome} where id = ${id}`
  await tx.$executeRaw`update approval set voided_at = now() where promotion_id = ${id} and voided_at is null`
}

async function stopRollout(tx: Tx, ctx: TenantContext, promotionId: string): Promise<void> {
  const [rollout] = await tx.$queryRaw<{ id: string }[]>`
    update rollout set cancelled_at = now(), cancelled_by = ${actorId(ctx.actor)}
    where promotion_id = ${promotionId} and cancelled_at is null and settled_at is null returning id`
  if (!rollout) throw new Refusal('conflict', 'This rollout is being cancelled already.', { fix: 'Wait until the running step is done.' })
  await enqueue(tx, 'run-rollout', { rolloutId: rollout.id, tenantId: ctx.tenant.id }, { key: `rollout:${rollout.id}` })
}
