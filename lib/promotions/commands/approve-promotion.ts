import { authorize } from '#lib/access/authorize'
import { requireRecentAuthentication } from '#lib/access/recent-authentication'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { Actor, TenantContext } from '#lib/platform/context'
import { isUniqueViolation, type Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { demand, Refusal } from '#lib/platform/refusal'
import { approvalRules, mayDecide } from '#lib/promotions/approval'
import { uploadersOf } from '#lib/promotions/assess'
import { describeMoves } from '#lib/promotions/describe-moves'
import { hasApproverRole } from '#lib/promotions/may-approve'
import { advance, announcePromotion, nameOf, takeMovedPlan } from '#lib/promotions/internal/advance'
import { environmentOf, lockPromotion } from '#lib/promotions/internal/lock-promotion'
import { reassess, type Reassessed } from '#lib/promotions/internal/reassess'
import { parsePlan } from '#lib/promotions/plan'
import { approvePromotionInput, type ApprovePromotionInput, type PromotionView } from '#lib/promotions/promotion'
import { mayPromotion } from '#lib/promotions/promotion-state'
import { presentPromotion } from '#lib/promotions/queries/get-promotion'

type Person = Extract<Actor, { kind: 'person' }>

/**
 * Records an approval of the plan as it stands, and takes the promotion on where that was all it waited for. Refuses (`plan_moved`,
 * with what moved) when the plan is no longer the one that the approver saw; `own_request` on one's own; `reauthentication_required`
 * after twelve hours; `conflict` on a second approval of the same plan.
 */
export async function approvePromotion(ctx: TenantContext, input: ApprovePromotionInput): Promise<PromotionView> {
  const decision = approvePromotionInput.parse(input)
  try {
    return await ctx.write(async (tx) => {
      const row = await lockPromotion(tx, decision.promotion)
      authorize(ctx.actor, 'promotion.approve', { environment: await environmentOf(tx, row) })
      demand(mayPromotion('approve', row))
      const judged = await reassess(tx, ctx, row)
      const person = demandApprover(ctx, judged)
      demandSamePlan(judged, decision.planDigest)
      const current = await takeMovedPlan(tx, ctx, judged)
      await insertApproval(tx, ctx, person, current, decision)
      await advance(tx, ctx, row)
      return presentPromotion(tx, ctx, row.id)
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'approval_one_standing') && !isUniqueViolation(error, 'approver_id')) throw error
    throw alreadyApproved()
  }
}

function demandApprover(ctx: TenantContext, { place, promotion, resolved }: Reassessed): Person {
  const rules = approvalRules(place.environment.policy.document)
  const { actor } = ctx
  if (actor.kind !== 'person') throw new Refusal('forbidden', 'Only a person approves.', { fix: 'Sign in as a person.' })
  demand(mayDecide(actor.id, { requestedBy: promotion.requestedBy, uploadedBy: uploadersOf(resolved.release) }, rules))
  demand(hasApproverRole(actor, rules, place.environment.slug))
  requireRecentAuthentication(ctx, rules.authenticatedWithinHours * 60)
  return actor
}

function demandSamePlan({ promotion, assessment }: Reassessed, seen: string): void {
  if (assessment.planDigest === seen) return
  const moved = describeMoves(parsePlan(promotion.plan), assessment.plan)
  const words = moved.length > 0 ? moved.join('; ') : 'it is another plan than the one that you saw'
  throw new Refusal('plan_moved', `The plan moved: ${words}.`, {
    fix: 'Read the plan as it is now, and approve that one.',
    details: { planDigest: assessment.planDigest, moved },
  })
}

async function insertApproval(
  tx: Tx,
  ctx: TenantContext,
  person: Person,
  judged: Reassessed,
  decision: ReturnType<typeof approvePromotionInput.parse>,
) {
  const { promotion, situation, place } = judged
  const own = { promotionId: promotion.id, approverId: person.id, voidedAt: null }
  // One that expired is no standing decision any more.
  await tx.approval.updateMany({ where: { ...own, expiresAt: { lte: situation.now } }, data: { voidedAt: situation.now } })
  if (await tx.approval.findFirst({ where: own, select: { id: true } })) throw alreadyApproved()
  const hours = approvalRules(place.environment.policy.document).expiresAfterHours
  const id = newId()
  await tx.approval.create({
    data: {
      id,
      tenantId: ctx.tenant.id,
      promotionId: promotion.id,
      planDigest: judged.assessment.planDigest,
      approverId: person.id,
      decision: 'approved',
      meaning: decision.meaning,
      comment: decision.comment,
      authenticatedAt: person.authenticatedAt,
      decidedAt: situation.now,
      expiresAt: new Date(situation.now.getTime() + hours * 3_600_000),
    },
  })
  await appendEntry(tx, ctx, {
    action: 'promotion.approved',
    subject: { kind: 'promotion', id: promotion.id, name: nameOf(judged) },
    reason: decision.comment,
    after: {
      approval: id,
      planDigest: judged.assessment.planDigest,
      meaning: decision.meaning,
      authenticatedAt: person.authenticatedAt.toISOString(),
    },
  })
  await announcePromotion(tx, ctx, promotion)
}

function alreadyApproved(): Refusal {
  return new Refusal('conflict', 'You have approved this plan already.', { fix: 'Ask another approver.' })
}
