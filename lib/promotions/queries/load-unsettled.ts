import type { Tx } from '#lib/platform/database'
import type { PromotionKind } from '#lib/promotions/promotion-kind'
import { unsettledStates, type PromotionState } from '#lib/promotions/promotion'
import type { ApprovalFacts, UnsettledFacts } from '#lib/promotions/situation'

/** The promotions that wait or roll out, with their standing decisions and how far the rollout is. Three statements. */
export async function loadUnsettled(tx: Tx, applicationIds: string[]): Promise<(UnsettledFacts & { applicationId: string })[]> {
  const rows = await tx.promotion.findMany({ where: { applicationId: { in: applicationIds }, state: { in: [...unsettledStates] } } })
  const ids = rows.map(({ id }) => id)
  const approvals: ApprovalFacts[] = await tx.approval.findMany({
    where: { promotionId: { in: ids }, voidedAt: null },
    orderBy: { decidedAt: 'asc' },
    select: { id: true, promotionId: true, planDigest: true, approverId: true, decision: true, decidedAt: true, expiresAt: true },
  })
  const steps = await tx.$queryRaw<{ promotionId: string; done: number; total: number }[]>`
    select o.promotion_id as "promotionId", count(*) filter (where s.state in ('done', 'skipped'))::int as done, count(s.id)::int as total
    from rollout o join rollout_step s on s.rollout_id = o.id where o.promotion_id = any(${ids}) group by 1`
  return rows.map((row) => {
    const progress = steps.find(({ promotionId }) => promotionId === row.id)
    return {
      id: row.id,
      applicationId: row.applicationId,
      environmentId: row.environmentId,
      kind: row.kind as PromotionKind,
      state: row.state as PromotionState,
      releaseId: row.releaseId,
      plan: row.plan,
      planDigest: row.planDigest,
      parameters: row.parameters,
      requestedBy: row.requestedBy,
      requestedAt: row.requestedAt,
      approvals: approvals.filter(({ promotionId }) => promotionId === row.id),
      steps: { done: progress?.done ?? 0, total: progress?.total ?? 0 },
    }
  })
}
