import { authorize, may } from '#lib/access/authorize'
import { actorId, type TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { Approval } from '#lib/platform/generated/client'
import { allowed, Refusal, refused, type Verdict } from '#lib/platform/refusal'
import { approvalRules, whyNotCounted } from '#lib/promotions/approval'
import { uploadersOf } from '#lib/promotions/assess'
import { cliLineOf } from '#lib/promotions/cli-line'
import { describeMoves } from '#lib/promotions/describe-moves'
import { sortGates, type GateResult } from '#lib/promotions/gates'
import { loadSubject } from '#lib/promotions/internal/find-subject'
import { reassess, type Reassessed } from '#lib/promotions/internal/reassess'
import { mayApprove } from '#lib/promotions/may-approve'
import { parsePlan } from '#lib/promotions/plan'
import { bringsRelease, verbOfKind } from '#lib/promotions/promotion-kind'
import {
  mayPromotion,
  requestParametersSchema,
  stateWords,
  type ApprovalView,
  type PromotionAct,
  type PromotionSummary,
  type PromotionView,
} from '#lib/promotions/promotion'
import { peopleNames } from '#lib/releases/queries/people-names'
import { summarise } from '#lib/promotions/queries/list-promotions'
import { mayGoBack, type Place } from '#lib/promotions/resolve-request'

/** One promotion with its plan, gates, decisions and rollout, and what the caller may do. `not_found` for unknown and foreign alike. */
export async function getPromotion(ctx: TenantContext, input: { promotion: string }): Promise<PromotionView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read((tx) => presentPromotion(tx, ctx, input.promotion))
}

/** The same inside a transaction, for the commands that answer with it. */
export async function presentPromotion(tx: Tx, ctx: TenantContext, id: string): Promise<PromotionView> {
  const row = await tx.promotion.findUnique({ where: { id } })
  if (!row) throw new Refusal('not_found', `There is no promotion ${id} that you can see.`)
  const decisions = await tx.approval.findMany({ where: { promotionId: id }, orderBy: { decidedAt: 'asc' } })
  const rollout = await presentRollout(tx, id)
  const stored = parsePlan(row.plan)
  const isWaiting = row.state === 'requested' || row.state === 'approved'
  const judged = isWaiting ? await reassess(tx, ctx, row) : undefined
  const { situation, place } = judged ?? (await loadSubject(tx, ctx.tenant, row, { releaseNames: [stored.release.name] }))
  const plan = judged?.assessment.plan ?? stored
  const planDigest = judged?.assessment.planDigest ?? row.planDigest
  const gates = judged?.assessment.gates ?? (JSON.parse(row.gates) as GateResult[])
  const release = place.application.releases.get(row.releaseId)
  const people = await peopleNames(tx, [
    row.requestedBy,
    ...decisions.map(({ approverId }) => approverId),
    ...gates.flatMap(({ waiver, facts }) => [waiver?.by ?? '', ...facts.map(({ value }) => value)]),
  ])
  const asked = { planDigest, requestedBy: row.requestedBy, uploadedBy: release ? uploadersOf(release) : [], now: situation.now }
  const rules = approvalRules(place.environment.policy.document)
  const [summary] = await summarise(tx, [row])
  if (!summary) throw new TypeError('a promotion that was just read has no summary')
  return {
    ...summary,
    reason: row.reason,
    incident: row.incident,
    plan,
    planDigest,
    moved: planDigest === row.planDigest ? (JSON.parse(row.moved) as string[]) : describeMoves(stored, plan),
    gates: sortGates(gates).map((gate) => withNames(gate, people)),
    gatesAt: (judged ? situation.now : (row.gatesAt ?? row.requestedAt)).toISOString(),
    approvals: decisions.map((one) => presentApproval(one, asked, rules, people)),
    expiresAt: isWaiting ? new Date(row.requestedAt.getTime() + rules.expiresAfterHours * 3_600_000).toISOString() : null,
    supersededBy: row.supersededById,
    retryOf: row.retryOfId,
    automaticFor: requestParametersSchema.parse(JSON.parse(row.parameters)).automaticFor,
    rollout,
    may: verdicts(ctx, summary, place, judged, rollout),
    cliLine: cliLineOf(summary, plan),
  }
}

function withNames(gate: GateResult, people: ReadonlyMap<string, string>): GateResult {
  const facts = gate.facts.map((fact) => ({ ...fact, value: people.get(fact.value) ?? fact.value }))
  return gate.waiver ? { ...gate, facts, waiver: { ...gate.waiver, by: people.get(gate.waiver.by) ?? gate.waiver.by } } : { ...gate, facts }
}

function presentApproval(
  row: Approval,
  asked: Parameters<typeof whyNotCounted>[1],
  rules: Parameters<typeof whyNotCounted>[2],
  people: ReadonlyMap<string, string>,
): ApprovalView {
  // What was used up when the rollout was claimed counted then, whatever moved since.
  const whyNot = row.consumedAt ? '' : row.voidedAt ? 'It is void: the plan moved, or the request was settled.' : whyNotCounted(row, asked, rules)
  return {
    id: row.id,
    decision: row.decision as ApprovalView['decision'],
    by: { id: row.approverId, name: people.get(row.approverId) ?? row.approverId },
    meaning: row.meaning,
    comment: row.comment,
    decidedAt: row.decidedAt.toISOString(),
    authenticatedAt: row.authenticatedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    planDigest: row.planDigest,
    counts: whyNot === '',
    whyNot,
  }
}

async function presentRollout(tx: Tx, promotionId: string): Promise<PromotionView['rollout']> {
  const row = await tx.rollout.findUnique({ where: { promotionId }, include: { steps: { select: { state: true } } } })
  if (!row) return null
  return {
    id: row.id,
    phase: row.phase,
    failedPhase: row.failedPhase,
    reason: row.reason,
    message: row.message,
    verification: row.verification,
    steps: { done: row.steps.filter(({ state }) => state === 'done' || state === 'skipped').length, total: row.steps.length },
    cancelledAt: text(row.cancelledAt),
    createdAt: row.createdAt.toISOString(),
    startedAt: text(row.startedAt),
    appliedAt: text(row.appliedAt),
    settledAt: text(row.settledAt),
  }
}

function text(at: Date | null): string | null {
  return at?.toISOString() ?? null
}

function verdicts(
  ctx: TenantContext,
  summary: PromotionSummary,
  place: Place,
  judged: Reassessed | undefined,
  rollout: PromotionView['rollout'],
): PromotionView['may'] {
  const { actor } = ctx
  const { environment } = place
  const inState = (act: PromotionAct) => mayPromotion(act, summary)
  const request = may(actor, verbOfKind[summary.kind], { environment })
  const isOwn = summary.requestedBy.id === actorId(actor)
  return {
    approve: judged
      ? mayApprove(actor, { place, promotion: judged.promotion, release: judged.resolved.release }, judged.assessment.planDigest)
      : inState('approve'),
    reject: first(
      inState('reject'),
      may(actor, 'promotion.approve', { environment }),
      isOwn ? refused('own_request', 'You requested this promotion.', 'Cancel it instead.') : allowed,
    ),
    cancel: first(
      inState('cancel'),
      may(actor, 'promotion.cancel', { environment }),
      rollout?.cancelledAt ? refused('conflict', 'It is being cancelled already.', 'Wait until the running step is done.') : allowed,
    ),
    retry: first(inState('retry'), request),
    askAgain: first(inState('askAgain'), request),
    rollBack: first(
      bringsRelease(summary.kind) || summary.kind === 'config' ? inState('rollBack') : refused('conflict', 'It changed no release.'),
      may(actor, 'rollback.request', { environment }),
      mayGoBack(place, place.application.deployments.get(environment.id)),
    ),
    waive: first(
      judged ? allowed : refused('conflict', `This promotion is ${stateWords[summary.state]}: its gates are not asked any more.`),
      may(actor, 'waiver.grant', { environment }),
      isOwn ? refused('own_request', 'You requested this promotion, so you cannot waive its gates.', 'Ask another approver.') : allowed,
    ),
  }
}

function first(...all: Verdict[]): Verdict {
  return all.find((verdict) => !verdict.allowed) ?? allowed
}
