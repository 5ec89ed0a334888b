import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'
import type { PromotionKind } from '#lib/promotions/promotion-kind'
import type { PromotionState } from '#lib/promotions/promotion-state'

export interface LockedPromotion {
  id: string
  /** What the log and the pages call it: `orders v1.2.3 → prod`. */
  name: string
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
    select p.id, a.slug || ' ' || r.name || ' → ' || e.slug as name, p.application_id as "applicationId", p.environment_id as "environmentId",
      p.kind, p.state, p.release_id as "releaseId", p.plan_digest as "planDigest", p.requested_by as "requestedBy",
      p.requested_at as "requestedAt", p.parameters, p.reason, p.incident
    from promotion p join application a on a.id = p.application_id join release r on r.id = p.release_id join environment e on e.id = p.environment_id
    where p.id = ${id} for update of p`
  if (!row) throw new Refusal('not_found', `There is no promotion ${id} that you can see.`)
  return row
}

/** The environment of a promotion, for the question who may act on it. */
export async function environmentOf(tx: Tx, promotion: { environmentId: string }): Promise<{ id: string; slug: string; isProtected: boolean }> {
  return tx.environment.findUniqueOrThrow({ where: { id: promotion.environmentId }, select: { id: true, slug: true, isProtected: true } })
}
