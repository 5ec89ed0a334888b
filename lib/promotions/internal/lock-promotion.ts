import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'
import type { PromotionKind } from '#lib/promotions/promotion-kind'
import type { PromotionState } from '#lib/promotions/promotion'

export interface LockedPromotion {
  id: string
  applicationId: string
  environmentId: string
  kind: PromotionKind
  state: PromotionState
  releaseId: string
  planDigest: string
  requestedBy: string
  requestedAt: Date
  parameters: string
  reason: string
  incident: string
}

/** The row of a promotion, locked until the transaction ends: two decisions about one promotion come one after the other. */
export async function lockPromotion(tx: Tx, id: string): Promise<LockedPromotion> {
  const [row] = await tx.$queryRaw<LockedPromotion[]>`
    select id, application_id as "applicationId", environment_id as "environmentId", kind, state, release_id as "releaseId",
      plan_digest as "planDigest", requested_by as "requestedBy", requested_at as "requestedAt", parameters, reason, incident
    from promotion where id = ${id} for update`
  if (!row) throw new Refusal('not_found', `There is no promotion ${id} that you can see.`)
  return row
}

/** The environment of a promotion, for the question who may act on it. */
export async function environmentOf(tx: Tx, promotion: { environmentId: string }): Promise<{ id: string; slug: string; isProtected: boolean }> {
  return tx.environment.findUniqueOrThrow({ where: { id: promotion.environmentId }, select: { id: true, slug: true, isProtected: true } })
}
