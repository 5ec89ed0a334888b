import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'
import { enqueue } from '#lib/platform/jobs'
import { approvalRules } from '#lib/promotions/approval'
import { announcePromotion } from '#lib/promotions/internal/advance'
import { loadSubject } from '#lib/promotions/internal/find-subject'
import { lockPromotion } from '#lib/promotions/internal/lock-promotion'
import { mayPromotion } from '#lib/promotions/promotion-state'

/** Expires a promotion that waited longer than the policy of its environment lets it, with its approvals. Runs again if it is too early. */
export async function expireApprovals(ctx: TenantContext, input: { promotionId: string }): Promise<void> {
  await ctx.write(async (tx) => {
    const row = await lockPromotion(tx, input.promotionId)
    if (!mayPromotion('expire', row).allowed) return
    const { situation, place } = await loadSubject(tx, ctx.tenant, row)
    const hours = approvalRules(place.environment.policy.document).expiresAfterHours
    const expiresAt = new Date(row.requestedAt.getTime() + hours * 3_600_000)
    if (expiresAt > situation.now) {
      const key = { key: `expire:${row.id}`, runAt: expiresAt }
      return enqueue(tx, 'expire-approvals', { tenantId: ctx.tenant.id, promotionId: row.id }, key)
    }
    const outcome = `Nothing let it run within ${hours} hours.`
    await tx.promotion.update({ where: { id: row.id }, data: { state: 'expired', settledAt: situation.now, outcome } })
    await tx.approval.updateMany({ where: { promotionId: row.id, voidedAt: null }, data: { voidedAt: situation.now } })
    await appendEntry(tx, ctx, {
      action: 'promotion.expired',
      subject: { kind: 'promotion', id: row.id, name: row.name },
      before: { state: row.state },
      after: { state: 'expired' },
      reason: outcome,
    })
    await announcePromotion(tx, ctx, row)
  })
}
