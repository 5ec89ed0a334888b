import { promotionName } from '#lib/promotions/internal/promotion-name'
import type { z } from 'zod'
import { authorize, mayWhileSuspended } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { ensureWritten, writeRevision } from '#lib/configuration/commands/write-revision'
import { actorId, type TenantContext } from '#lib/platform/context'
import { isUniqueViolation, type Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { enqueue } from '#lib/platform/jobs'
import { demand, Refusal } from '#lib/platform/refusal'
import { approvalRules } from '#lib/promotions/approval'
import { assess, type Assessment } from '#lib/promotions/assess'
import { announcePromotion, nameOf, proceed } from '#lib/promotions/internal/advance'
import { findSubject, type Subject } from '#lib/promotions/internal/find-subject'
import { resolved, resolveRevision, type Reassessed } from '#lib/promotions/internal/reassess'
import { refuseBlocked } from '#lib/promotions/internal/refuse-blocked'
import { renderManifests } from '#lib/runtime/render-manifests'
import { planText } from '#lib/promotions/plan'
import { contractWith, loadContracts } from '#lib/promotions/queries/load-contracts'
import { mayRunHere } from '#lib/promotions/may-run-here'
import type { RequestParameters, requestPromotionInput } from '#lib/promotions/promotion'
import { mayPromotion } from '#lib/promotions/promotion-state'
import { verbOfKind, type PromotionKind } from '#lib/promotions/promotion-kind'
import {
  changesSomething,
  chooseKind,
  chooseRelease,
  mayScale,
  newestRevision,
  type Place,
  runningRelease,
  type Resolved,
} from '#lib/promotions/resolve-request'
import type { ReleaseFacts, UnsettledFacts } from '#lib/promotions/situation'
import { judgeState, mayRestore } from '#lib/promotions/state-label'

type Request = z.output<typeof requestPromotionInput>

/** Where a request comes from, when it is not somebody's first. */
export interface Origin {
  repeated?: Repeated
  /** The failed promotion that a rollback follows by itself. */
  automaticFor?: string
  /** Of a rollback that follows a failed configuration: the revision that the release, which runs now, comes back with. */
  returnsTo?: number
  /** What is wrong with the image of the release, as it was found before; '' for nothing. */
  imageProblem?: string
}

/** The settled promotion that is asked for again. */
export interface Repeated {
  id: string
  configRevision: number
}

/**
 * Opens a promotion in the caller's transaction and takes it as far as it may go. Returns how it was judged. `repeated` is the settled one that
 * it asks for again. Refusals: `not_found`, `invalid_input`, `conflict`, `gates_blocked`, `frozen`, `forbidden`.
 */
export async function openPromotion(tx: Tx, ctx: TenantContext, request: Request, origin: Origin = {}): Promise<Reassessed> {
  const subject = await findSubject(tx, ctx.tenant, request, {
    releaseNames: request.release === undefined ? [] : [request.release],
    isOneEnvironment: true,
  })
  const { environment } = subject.place
  const kind = kindOf(subject, request.kind)
  authorize(ctx.actor, verbOfKind[kind], { environment })
  demand(mayWhileSuspended(ctx.tenant, verbOfKind[kind]))
  const toRun = await resolveRequest(tx, ctx, subject, kind, request, origin)
  demand(mayRunHere(subject.situation, subject.place, toRun))
  const acknowledged = kind === 'rollback' ? await demandContract(tx, subject, toRun.release, request, origin) : ''
  const superseded = demandRoom(subject, request.supersede)
  const asked = { requestedBy: actorId(ctx.actor), decisions: [] }
  const assessment = assess(subject.situation, subject.place, toRun, asked, renderManifests)
  refuseBlocked(nameOf({ place: subject.place, resolved: toRun }), assessment.gates)

  const id = newId()
  if (superseded) await supersede(tx, ctx, superseded, id, subject.situation.now)
  const promotion = await insert(tx, ctx, { id, origin, request, subject, toRun, assessment, acknowledged })
  const judged = { ...subject, promotion, resolved: toRun, assessment }
  const isClaimed = await proceed(tx, ctx, judged)
  if (!isClaimed) await letExpire(tx, ctx, judged)
  return judged
}

/** What waits for approvals does not wait for ever. */
async function letExpire(tx: Tx, ctx: TenantContext, { place, promotion: { id, requestedAt } }: Reassessed): Promise<void> {
  const hours = approvalRules(place.environment.policy.document).expiresAfterHours
  const runAt = new Date(requestedAt.getTime() + hours * 3_600_000)
  await enqueue(tx, 'expire-approvals', { tenantId: ctx.tenant.id, promotionId: id }, { key: `expire:${id}`, runAt })
}

export function kindOf({ situation, place }: Subject, kind: PromotionKind | undefined): PromotionKind {
  const upstream = situation.environments.filter(({ id }) => place.environment.upstreamIds.includes(id)).map(({ slug }) => slug)
  return chooseKind(place, upstream, kind)
}

async function resolveRequest(
  tx: Tx,
  ctx: TenantContext,
  subject: Subject,
  kind: PromotionKind,
  request: Request,
  { repeated, returnsTo, imageProblem = '' }: Origin,
): Promise<Resolved> {
  const { place } = subject
  const release = returnsTo === undefined ? chooseRelease(place, kind, request.release) : runningRelease(place)
  if (kind === 'rollback') demandRollback(place, release, request)
  if (imageProblem !== '') {
    throw new Refusal('conflict', `${release.name} cannot come back: ${imageProblem}`, {
      fix: 'Choose another release, or restore the blob store from a backup.',
    })
  }
  if (kind === 'scale') {
    if (request.replicas === undefined) throw new Refusal('invalid_input', 'Say how many replicas.', { fix: 'Send replicas.' })
    const current = newestRevision(place)
    if (repeated?.configRevision === current.number) return resolved(place, kind, release, current)
    demand(mayScale(place, request.replicas))
    // A number of replicas is part of the overlay, so that the next promotion keeps it.
    const revision = await writeRevision(tx, ctx, place, current, { ...current.own, replicas: request.replicas }, 'scaled')
    place.application.revisions.set(place.environment.id, revision)
    return resolved(place, kind, release, revision)
  }
  const pinned = returnsTo ?? (kind === 'rollback' && request.config === 'then' ? await revisionThen(tx, subject, release.id) : null)
  const toRun = resolved(place, kind, release, await resolveRevision(tx, place, kind, pinned))
  await ensureWritten(tx, ctx, place, toRun.revision)
  // What failed half-way is promised already; asking again is how it is finished.
  if (!repeated) demand(changesSomething(place, toRun))
  return toRun
}

/** Why, and where the state has to go back as well: stopped first, then restored, then asked for. */
function demandRollback(place: Place, release: ReleaseFacts, { reason, restored }: Request): void {
  if (reason.trim() === '') {
    throw new Refusal('invalid_input', 'A rollback says why.', {
      fix: 'Write the reason.',
      details: { errors: [{ field: 'reason', message: 'Write the reason.' }] },
    })
  }
  demand(mayRestore(place, release))
  if (!restoreOf(place, release, restored).isNeeded || restored !== '') return
  const message = 'Say what was restored.'
  throw new Refusal('invalid_input', `${judgeAgainstRunning(place, release).reason} Say what was restored.`, {
    fix: 'Restore the state, then send restored: what, and from when.',
    details: { errors: [{ field: 'restored', message }] },
  })
}

/**
 * A database that may know more than the release asks for a person who says that they know. What the policy brings back by itself goes
 * on, with the warning on record: leaving what failed would be no better for the database. Returns what was warned of.
 */
async function demandContract(
  tx: Tx,
  { place }: Subject,
  release: ReleaseFacts,
  { acknowledge }: Request,
  { automaticFor }: Origin,
): Promise<string> {
  const { application, environment } = place
  const contracts = await loadContracts(tx, { environmentId: environment.id, applicationId: application.id })
  const { kind, reason } = contractWith(contracts, release)
  if (kind !== 'fewer') return ''
  if (acknowledge.includes('contract') || automaticFor !== undefined) return reason
  const message = 'Say that you have read it.'
  throw new Refusal('invalid_input', reason, {
    fix: `See that ${release.name} runs on that database, or restore it first; then acknowledge it (--acknowledge contract).`,
    details: { errors: [{ field: 'acknowledge', message }] },
  })
}

function judgeAgainstRunning({ application, environment }: Place, release: ReleaseFacts) {
  const deployment = application.deployments.get(environment.id)
  return judgeState(release, deployment && application.releases.get(deployment.releaseId))
}

function restoreOf(place: Place, release: ReleaseFacts, restored: string) {
  const { kind, reason } = judgeAgainstRunning(place, release)
  return { isNeeded: kind === 'differs', reason, restored }
}

/** The configuration revision that a release ran with when it last completed here. */
export async function revisionThen(tx: Tx, { place }: Subject, releaseId: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ revision: number }[]>`
    select (plan::jsonb #>> '{config,revision}')::int as revision from promotion
    where environment_id = ${place.environment.id} and application_id = ${place.application.id} and release_id = ${releaseId} and state = 'completed'
    order by settled_at desc limit 1`
  return row?.revision ?? newestRevision(place).number
}

/** At most one unsettled promotion of a place: another one is superseded by name or stands in the way. Returns the one to supersede. */
function demandRoom({ place }: Subject, supersedeId: string | undefined): string | undefined {
  const { application, environment } = place
  const standing = application.unsettled.get(environment.id)
  if (!standing) {
    if (supersedeId === undefined) return undefined
    throw new Refusal('conflict', `The promotion to supersede does not wait in ${environment.slug} any more.`, {
      fix: 'Look at the board and ask again.',
    })
  }
  const release = application.releases.get(standing.releaseId)?.name ?? standing.releaseId
  if (standing.id === supersedeId) {
    demand(mayPromotion('supersede', standing))
    return standing.id
  }
  throw standsInTheWay(`${application.slug} ${release} → ${environment.slug}`, standing)
}

function standsInTheWay(name: string, standing: { id: string; kind: string; state: string; requestedAt: Date }): Refusal {
  const isRolling = standing.state === 'rolling_out'
  return new Refusal(
    'conflict',
    `${name} (${standing.kind}) ${isRolling ? 'is rolling out' : 'waits'} since ${standing.requestedAt.toISOString()}.`,
    {
      fix: isRolling ? 'Wait until it has settled, or cancel it.' : `Replace it by name (supersede ${standing.id}), or cancel it.`,
      details: { promotionId: standing.id, state: standing.state },
    },
  )
}

async function supersede(tx: Tx, ctx: TenantContext, id: string, by: string, now: Date): Promise<void> {
  // The state is asked again in the update: a claim that came first has won.
  const { count } = await tx.promotion.updateMany({
    where: { id, state: { in: ['requested', 'approved'] } },
    data: { state: 'superseded', supersededById: by, settledAt: now, outcome: 'Replaced by another request.' },
  })
  if (count === 0) throw new Refusal('conflict', 'The promotion to supersede does not wait any more.', { fix: 'Look at the board and ask again.' })
  await tx.approval.updateMany({ where: { promotionId: id, voidedAt: null }, data: { voidedAt: now } })
  const name = await promotionName(tx, id)
  await appendEntry(tx, ctx, { action: 'promotion.superseded', subject: { kind: 'promotion', id, name }, after: { state: 'superseded', by } })
  await announcePromotion(tx, ctx, { id })
}

interface Opening {
  id: string
  origin: Origin
  request: Request
  subject: Subject
  toRun: Resolved
  assessment: Assessment
  /** What the contract warned of, and was gone on with. */
  acknowledged: string
}

async function insert(
  tx: Tx,
  ctx: TenantContext,
  { id, origin, request, subject, toRun, assessment, acknowledged }: Opening,
): Promise<UnsettledFacts> {
  const retryOf = origin.repeated?.id ?? null
  const { application, environment } = subject.place
  const isRollback = toRun.kind === 'rollback'
  const parameters: RequestParameters = {
    configRevision: isRollback && request.config === 'then' ? toRun.revision.number : null,
    restore: isRollback ? restoreOf(subject.place, toRun.release, request.restored) : null,
    acknowledgedContract: acknowledged,
    automaticFor: origin.automaticFor ?? null,
  }
  const promotion: UnsettledFacts = {
    id,
    environmentId: environment.id,
    kind: toRun.kind,
    state: 'requested',
    releaseId: toRun.release.id,
    plan: planText(assessment.plan),
    planDigest: assessment.planDigest,
    parameters: JSON.stringify(parameters),
    requestedBy: actorId(ctx.actor),
    requestedAt: subject.situation.now,
    approvals: [],
    steps: { done: 0, total: 0 },
  }
  await tx.$executeRaw`
    insert into promotion (id, tenant_id, application_id, environment_id, kind, state, release_id, plan, plan_digest, gates, gates_at, reason,
      incident, parameters, requested_at, requested_by, requester_kind, retry_of_id)
    values (${id}, ${ctx.tenant.id}, ${application.id}, ${environment.id}, ${promotion.kind}, ${promotion.state}, ${promotion.releaseId},
      ${promotion.plan}, ${promotion.planDigest}, ${JSON.stringify(assessment.gates)}, ${promotion.requestedAt}, ${request.reason},
      ${request.incident}, ${promotion.parameters}, ${promotion.requestedAt}, ${promotion.requestedBy}, ${ctx.actor.kind}, ${retryOf})`
  await appendEntry(tx, ctx, {
    action: 'promotion.requested',
    subject: { kind: 'promotion', id, name: nameOf({ place: subject.place, resolved: toRun }) },
    reason: request.reason,
    after: {
      kind: toRun.kind,
      environment: environment.slug,
      release: toRun.release.name,
      digests: toRun.release.components.map(({ digest }) => digest),
      configRevision: toRun.revision.number,
      secretVersions: Object.fromEntries(toRun.secrets.map(({ name, versionId }) => [name, versionId])),
      replicas: toRun.replicas,
      planDigest: assessment.planDigest,
      incident: request.incident,
      ...(retryOf === null ? {} : { retryOf }),
      ...(parameters.restore ? { restore: parameters.restore, freezeExemptions: assessment.plan.freezeExemptions } : {}),
      ...(acknowledged === '' ? {} : { acknowledgedContract: acknowledged }),
      ...(parameters.automaticFor === null ? {} : { automaticFor: parameters.automaticFor }),
    },
  })
  await announcePromotion(tx, ctx, { id })
  return promotion
}

/** The refusal of a request that lost the race for the one place (`promotion_one_unsettled`); anything else is thrown on. */
export async function lostRace(ctx: TenantContext, error: unknown, slugs: { application: string; environment: string }): Promise<never> {
  const isLost = isUniqueViolation(error, 'promotion_one_unsettled') || isUniqueViolation(error, 'application_id')
  if (!isLost) throw error
  const winner = await ctx.read(async (tx) => {
    const { place } = await findSubject(tx, ctx.tenant, slugs)
    return place.application.unsettled.get(place.environment.id)
  })
  const name = `Another promotion of ${slugs.application} to ${slugs.environment}`
  if (winner) throw standsInTheWay(name, winner)
  throw new Refusal('conflict', `${name} was asked for at the same moment.`, { fix: 'Look at the board and ask again.', cause: error })
}
