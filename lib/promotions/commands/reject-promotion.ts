import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { demand, Refusal } from '#lib/platform/refusal'
import { announcePromotion } from '#lib/promotions/internal/advance'
import { environmentOf, lockPromotion } from '#lib/promotions/internal/lock-promotion'
import type { PromotionView, rejectPromotionInput } from '#lib/promotions/promotion'
import { mayPromotion } from '#lib/promotions/promotion-state'
import { presentPromotion } from '#lib/promotions/queries/get-promotion'

/** Settles a waiting promotion as rejected, with a reason that its requester reads. One's own is cancelled, not rejected. */
export async function rejectPromotion(ctx: TenantContext, input: z.output<typeof rejectPromotionInput>): Promise<PromotionView> {
  return ctx.write(async (tx) => {
    const row = await lockPromotion(tx, input.promotion)
    authorize(ctx.actor, 'promotion.approve', { environment: await environmentOf(tx, row) })
    demand(mayPromotion('reject', row))
    const { actor } = ctx
    if (actor.kind !== 'person') throw new Refusal('forbidden', 'Only a person rejects.', { fix: 'Sign in as a person.' })
    if (actor.id === row.requestedBy) throw new Refusal('own_request', 'You requested this promotion.', { fix: 'Cancel it instead.' })
    const now = await settle(tx, row.id, input.reason)
    await tx.approval.updateMany({ where: { promotionId: row.id, voidedAt: null }, data: { voidedAt: now } })
    await tx.approval.create({
      data: {
        id: newId(),
        tenantId: ctx.tenant.id,
        promotionId: row.id,
        planDigest: row.planDigest,
        approverId: actor.id,
        decision: 'rejected',
        meaning: 'I reject that this plan runs.',
        comment: input.reason,
        authenticatedAt: actor.authenticatedAt,
        decidedAt: now,
        expiresAt: now,
      },
    })
    await appendEntry(tx, ctx, {
      action: 'promotion.rejected',
      subject: { kind: 'promotion', id: row.id, name: row.name },
      before: { state: row.state },
      after: { state: 'rejected', planDigest: row.planDigest },
      reason: input.reason,
    })
    await announcePromotion(tx, ctx, row)
    return presentPromotion(tx, ctx, row.id)
  })
}

async function settle(tx: Tx, id: string, reason: string): Promise<Date> {
  const [row] = await tx.$queryRaw<{ settledAt: Date }[]>`
    update promotion set state = 'rejected', settled_at = now(), outcome = ${`Rejected: ${reason}`} where id = ${id} returning settled_at as "settledAt"`
  return row?.settledAt ?? new Date()
}
