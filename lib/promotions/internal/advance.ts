// The claim: gates pass → the plan is composed again in this transaction → approvals are used up → the rollout exists.
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { enqueue } from '#lib/platform/jobs'
import { announce } from '#lib/platform/live-event'
import { describeMoves } from '#lib/promotions/describe-moves'
import { blocks, waits, type GateResult } from '#lib/promotions/gates'
import { approvedEarlierFact } from '#lib/promotions/gates/approvals'
import { keepApproval } from '#lib/promotions/internal/keep-approval'
import { reassess, type Reassessed } from '#lib/promotions/internal/reassess'
import { parsePlan, planText } from '#lib/promotions/plan'

/** How soon a promotion that something other than approvals blocks is looked at again. */
const lookAgainMs = 15_000

/**
 * Takes a waiting promotion as far as it may go now; the caller holds its row. A plan that moved since it was stored returns it to
 * `requested`, voids its approvals and lists what moved.
 */
export async function advance(tx: Tx, ctx: TenantContext, row: { id: string; applicationId: string; environmentId: string }): Promise<void> {
  const judged = await takeMovedPlan(tx, ctx, await reassess(tx, ctx, row))
  const { assessment, situation } = judged
  await tx.$executeRaw`update promotion set gates = ${JSON.stringify(assessment.gates)}, gates_at = ${situation.now} where id = ${row.id}`
  await proceed(tx, ctx, judged)
}

/** Claims what nothing blocks, by a judgement of this transaction, and has the rest looked at again. Whether it was claimed. */
export async function proceed(tx: Tx, ctx: TenantContext, judged: Reassessed): Promise<boolean> {
  const { gates } = judged.assessment
  const row = judged.promotion
  if (!gates.some(blocks)) {
    await claim(tx, ctx, judged)
    return true
  }
  const hasQuorum = judged.assessment.counted.length > 0 && !gates.some((gate) => gate.gate === 'approvals' && blocks(gate))
  const state = hasQuorum ? 'approved' : 'requested'
  if (state !== judged.promotion.state) {
    await tx.promotion.update({ where: { id: row.id }, data: { state } })
    await announcePromotion(tx, ctx, row)
  }
  const looksAgain = gates.some((gate) => blocks(gate) && !(waits(gate) && gate.gate === 'approvals'))
  if (looksAgain) await wake(tx, ctx, row.id, new Date(judged.situation.now.getTime() + lookAgainMs))
  return false
}

/** Asks for `advance-promotion`, once, however many ask. */
export async function wake(tx: Tx, ctx: TenantContext, promotionId: string, runAt?: Date): Promise<void> {
  await enqueue(
    tx,
    'advance-promotion',
    { tenantId: ctx.tenant.id, promotionId },
    { key: `advance:${promotionId}`, ...(runAt === undefined ? {} : { runAt }) },
  )
}

export async function announcePromotion(tx: Tx, ctx: TenantContext, row: { id: string }): Promise<void> {
  await announce(tx, ctx.tenant.id, 'promotion', row.id)
  await announce(tx, ctx.tenant.id, 'board', row.id)
}

/** Stores the plan as it is now when it is another than the stored one; approvals of the old one are void. */
export async function takeMovedPlan(tx: Tx, ctx: TenantContext, judged: Reassessed): Promise<Reassessed> {
  const { promotion, assessment } = judged
  if (assessment.planDigest === promotion.planDigest) return judged
  const moved = describeMoves(parsePlan(promotion.plan), assessment.plan)
  const { count } = await tx.approval.updateMany({
    where: { promotionId: promotion.id, voidedAt: null, planDigest: { not: assessment.planDigest } },
    data: { voidedAt: judged.situation.now },
  })
  const data = { state: 'requested', plan: planText(assessment.plan), planDigest: assessment.planDigest, moved: JSON.stringify(moved) }
  await tx.promotion.update({ where: { id: promotion.id }, data })
  await appendEntry(tx, ctx, {
    action: 'promotion.plan_moved',
    subject: { kind: 'promotion', id: promotion.id, name: nameOf(judged) },
    before: { planDigest: promotion.planDigest, state: promotion.state },
    after: { planDigest: assessment.planDigest, state: 'requested', moved, approvalsVoided: count },
  })
  await announcePromotion(tx, ctx, promotion)
  return { ...judged, promotion: { ...promotion, state: 'requested', planDigest: assessment.planDigest, plan: data.plan } }
}

async function claim(tx: Tx, ctx: TenantContext, judged: Reassessed): Promise<void> {
  const { promotion, assessment, situation } = judged
  const rolloutId = newId()
  const counted = assessment.counted.map(({ id }) => id)
  if (counted.length > 0) await tx.$executeRaw`update approval set consumed_at = ${situation.now} where id = any(${counted})`
  const { recoveryFrom, recoveryTargetSeconds } = await recoveryOf(tx, judged)
  await tx.$executeRaw`
    with claimed as (update promotion set state = 'rolling_out' where id = ${promotion.id})
    insert into rollout (id, tenant_id, promotion_id, phase, recovery_from, recovery_target_seconds)
    values (${rolloutId}, ${ctx.tenant.id}, ${promotion.id}, 'created', ${recoveryFrom}, ${recoveryTargetSeconds})`
  const releaseApproval = await keepApproval(tx, ctx, judged, earlierApprovers(assessment.gates))
  await appendEntry(tx, ctx, {
    action: 'promotion.claimed',
    subject: { kind: 'promotion', id: promotion.id, name: nameOf(judged) },
    before: { state: promotion.state },
    after: {
      state: 'rolling_out',
      rollout: rolloutId,
      planDigest: assessment.planDigest,
      approvals: counted,
      ...(releaseApproval === undefined ? {} : { releaseApproval }),
      gates: Object.fromEntries(assessment.gates.map(({ gate, outcome }) => [gate, outcome])),
      freezeExemptions: assessment.plan.freezeExemptions,
      approvedEarlierBy: earlierApprovers(assessment.gates),
    },
  })
  await enqueue(tx, 'run-rollout', { rolloutId, tenantId: ctx.tenant.id }, { key: `rollout:${rolloutId}` })
  await announcePromotion(tx, ctx, promotion)
}

function earlierApprovers(gates: readonly GateResult[]): string[] {
  return gates
    .flatMap(({ gate, facts }) => (gate === 'approvals' ? facts : []))
    .flatMap(({ name, value }) => (name === approvedEarlierFact ? [value] : []))
}

/** Of a rollback: its clock runs from the stop that came before it, else from its request, and has the target of the policy. */
async function recoveryOf(tx: Tx, { place, promotion }: Reassessed) {
  if (promotion.kind !== 'rollback') return { recoveryFrom: null, recoveryTargetSeconds: null }
  const deployment = place.application.deployments.get(place.environment.id)
  const stop = deployment?.isStopped
    ? await tx.promotion.findFirst({ where: { id: deployment.promotionId, kind: 'stop' }, select: { requestedAt: true } })
    : null
  const { targetSeconds } = place.environment.policy.document.rollback
  return { recoveryFrom: stop?.requestedAt ?? promotion.requestedAt, recoveryTargetSeconds: targetSeconds }
}

/** `orders v1.2.3 → prod`, as the log and the pages call a promotion. */
export function nameOf({ place, resolved }: Pick<Reassessed, 'place' | 'resolved'>): string {
  return `${place.application.slug} ${resolved.release.name} → ${place.environment.slug}`
}
