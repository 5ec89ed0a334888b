import { authorize, may } from '#lib/access/authorize'
import { actorId, type TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { Prisma, type Approval, type Promotion, type Rollout } from '#lib/platform/generated/client'
import { allowed, Refusal, refused, type Verdict } from '#lib/platform/refusal'
import { reading, readTogether } from '#lib/platform/together'
import { approvalRules, whyNotCounted } from '#lib/promotions/approval'
import { uploadersOf } from '#lib/promotions/assess'
import { cliLineOf } from '#lib/promotions/cli-line'
import { describeMoves } from '#lib/promotions/describe-moves'
import { sortGates, type GateResult } from '#lib/promotions/gates'
import { loadSubject, type Subject } from '#lib/promotions/internal/find-subject'
import { reassess, type Reassessed } from '#lib/promotions/internal/reassess'
import { mayApprove } from '#lib/promotions/may-approve'
import { parsePlan } from '#lib/promotions/plan'
import { bringsRelease, verbOfKind } from '#lib/promotions/promotion-kind'
import { requestParametersSchema, type ApprovalView, type PromotionSummary, type PromotionView } from '#lib/promotions/promotion'
import { mayPromotion, stateWords, type PromotionAct } from '#lib/promotions/promotion-state'
import { peopleNames } from '#lib/releases/queries/people-names'
import { summaryOf, summaryRows } from '#lib/promotions/queries/list-promotions'
import { mayGoBack, type Place } from '#lib/promotions/resolve-request'

/** One promotion with its plan, gates, decisions and rollout, and what the caller may do. `not_found` for unknown and foreign alike. */
export async function getPromotion(ctx: TenantContext, input: { promotion: string }): Promise<PromotionView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read((tx) => presentPromotion(tx, ctx, input.promotion))
}

/** The same inside a transaction, for the commands that answer with it. */
export async function presentPromotion(tx: Tx, ctx: TenantContext, id: string): Promise<PromotionView> {
  const known = await readPromotion(tx, id)
  if (isWaiting(known)) {
    const judged = await reassess(tx, ctx, known.row)
    return present(tx, ctx, known, judged, judged)
  }
  const releaseNames = [parsePlan(known.row.plan).release.name]
  return present(tx, ctx, known, await loadSubject(tx, ctx.tenant, known.row, { releaseNames, judgedEnvironmentId: known.row.environmentId }))
}

/** One that was opened in this transaction, by the judgement that it was opened with. */
export async function presentOpened(tx: Tx, ctx: TenantContext, judged: Reassessed): Promise<PromotionView> {
  const known = await readPromotion(tx, judged.promotion.id)
  return present(tx, ctx, known, judged, isWaiting(known) ? judged : undefined)
}

type PromotionRow = Omit<Promotion, 'tenantId' | 'kind' | 'state' | 'outcome' | 'settledAt' | 'requesterKind'>
type RolloutRow = Omit<NonNullable<PromotionView['rollout']>, 'cancelledAt' | 'createdAt' | 'startedAt' | 'appliedAt' | 'settledAt'> &
  Pick<Rollout, 'cancelledAt' | 'createdAt' | 'startedAt' | 'appliedAt' | 'settledAt'>

interface Known {
  row: PromotionRow
  summary: PromotionSummary
  decisions: Approval[]
  rollout: PromotionView['rollout']
}

function isWaiting({ summary }: Known): boolean {
  return summary.state === 'requested' || summary.state === 'approved'
}

async function readPromotion(tx: Tx, id: string): Promise<Known> {
  const found = await readTogether(tx, {
    rows: reading<PromotionRow>(
      Prisma.sql`
        select id, application_id as "applicationId", environment_id as "environmentId", release_id as "releaseId", plan, plan_digest as "planDigest",
          gates, gates_at as "gatesAt", moved, reason, incident, parameters, requested_at as "requestedAt", requested_by as "requestedBy",
          superseded_by_id as "supersededById", retry_of_id as "retryOfId"
        from promotion where id = ${id}`,
      'gatesAt',
      'requestedAt',
    ),
    summaries: summaryRows([id]),
    decisions: reading<Approval>(
      Prisma.sql`
        select id, tenant_id as "tenantId", promotion_id as "promotionId", plan_digest as "planDigest", approver_id as "approverId", decision, meaning,
          comment, authenticated_at as "authenticatedAt", decided_at as "decidedAt", expires_at as "expiresAt", voided_at as "voidedAt",
          consumed_at as "consumedAt"
        from approval where promotion_id = ${id} order by decided_at`,
      'authenticatedAt',
      'decidedAt',
      'expiresAt',
      'voidedAt',
      'consumedAt',
    ),
    rollouts: reading<RolloutRow>(
      Prisma.sql`
        select id, phase, failed_phase as "failedPhase", reason, message, verification, (
            select json_build_object('done', count(*) filter (where s.state in ('done', 'skipped')), 'total', count(*))
            from rollout_step s where s.rollout_id = o.id
          ) as steps, cancelled_at as "cancelledAt", created_at as "createdAt", started_at as "startedAt", applied_at as "appliedAt",
          settled_at as "settledAt"
        from rollout o where promotion_id = ${id}`,
      'cancelledAt',
      'createdAt',
      'startedAt',
      'appliedAt',
      'settledAt',
    ),
  })
  const [row] = found.rows
  const [summary] = found.summaries
  if (!row || !summary) throw new Refusal('not_found', `There is no promotion ${id} that you can see.`)
  const [rollout] = found.rollouts
  return { row, summary: summaryOf(summary), decisions: found.decisions, rollout: rollout ? presentRollout(rollout) : null }
}

async function present(tx: Tx, ctx: TenantContext, known: Known, subject: Subject, judged?: Reassessed): Promise<PromotionView> {
  const { row, summary, decisions, rollout } = known
  const { situation, place } = subject
  const stored = parsePlan(row.plan)
  const plan = judged?.assessment.plan ?? stored
  const planDigest = judged?.assessment.planDigest ?? row.planDigest
  const gates = judged?.assessment.gates ?? (JSON.parse(row.gates) as GateResult[])
  const release = place.application.releases.get(row.releaseId)
  const people = await peopleNames(tx, [
    ...decisions.map(({ approverId }) => approverId),
    ...gates.flatMap(({ waiver, facts }) => [waiver?.by ?? '', ...facts.map(({ value }) => value)]),
  ])
  const asked = { planDigest, requestedBy: row.requestedBy, uploadedBy: release ? uploadersOf(release) : [], now: situation.now }
  const rules = approvalRules(place.environment.policy.document)
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
    expiresAt: judged ? new Date(row.requestedAt.getTime() + rules.expiresAfterHours * 3_600_000).toISOString() : null,
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

function presentRollout({ cancelledAt, createdAt, startedAt, appliedAt, settledAt, ...row }: RolloutRow): NonNullable<PromotionView['rollout']> {
  return {
    ...row,
    cancelledAt: text(cancelledAt),
    createdAt: createdAt.toISOString(),
    startedAt: text(startedAt),
    appliedAt: text(appliedAt),
    settledAt: text(settledAt),
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
