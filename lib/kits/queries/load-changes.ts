import { mostChanges, type ChangeApproval, type ChangeFacts, type ChangeView } from '#lib/kits/desk'
import { dutyConflicts } from '#lib/kits/duties'
import { exceptionsOf } from '#lib/kits/exceptions'
import { Prisma } from '#lib/platform/generated/client'
import type { Tx } from '#lib/platform/database'
import type { TenantRef } from '#lib/platform/actor'
import type { GateResult } from '#lib/promotions/gates'
import { parsePlan } from '#lib/promotions/plan'
import type { PersonView } from '#lib/promotions/promotion'
import type { PromotionState } from '#lib/promotions/promotion-state'
import type { PromotionKind } from '#lib/promotions/promotion-kind'
import { peopleNames } from '#lib/releases/queries/people-names'
import { defaultPolicy, environmentPolicySchema, type EnvironmentPolicyDocument } from '#lib/tenants/environment-policy'
import { gateMode } from '#lib/tenants/gate-names'
import type { Tier } from '#lib/tenants/tier'

export interface ChangeScope {
  environmentIds: readonly string[]
  applicationId?: string
  releaseId?: string
  from?: Date
  to?: Date
}

interface ChangeRow {
  id: string
  kind: PromotionKind
  state: PromotionState
  plan: string
  planDigest: string
  gates: string
  reason: string
  incident: string
  requestedBy: string
  requestedAt: Date
  settledAt: Date | null
  outcome: string
  environmentId: string
  applicationSlug: string
  applicationName: string
  environmentSlug: string
  environmentName: string
  isProtected: boolean
  isCustom: boolean
  releaseId: string
  releaseName: string
  releasedBy: string
  claimedAt: Date
  verification: string
}

/** The changes of some environments, newest first, with duties and exceptions; at most {@link mostChanges} and one more. */
export async function loadChanges(tx: Tx, tenant: TenantRef, scope: ChangeScope): Promise<ChangeView[]> {
  const conditions = [
    Prisma.sql`p.environment_id = any(${[...scope.environmentIds]})`,
    ...(scope.applicationId === undefined ? [] : [Prisma.sql`p.application_id = ${scope.applicationId}`]),
    ...(scope.releaseId === undefined ? [] : [Prisma.sql`p.release_id = ${scope.releaseId}`]),
    ...(scope.from === undefined ? [] : [Prisma.sql`r.created_at >= ${scope.from}::timestamptz`]),
    ...(scope.to === undefined ? [] : [Prisma.sql`r.created_at < ${scope.to}::timestamptz`]),
  ]
  const rows = await tx.$queryRaw<ChangeRow[]>`
    select p.id, p.kind, p.state, p.plan, p.plan_digest as "planDigest", p.gates, p.reason, p.incident, p.requested_by as "requestedBy",
      p.requested_at as "requestedAt", p.settled_at as "settledAt", p.outcome, p.environment_id as "environmentId",
      a.slug as "applicationSlug", a.name as "applicationName", e.slug as "environmentSlug", e.name as "environmentName",
      e.is_protected as "isProtected", e.is_custom as "isCustom", l.id as "releaseId", l.name as "releaseName", l.created_by as "releasedBy",
      r.created_at as "claimedAt", r.verification
    from promotion p join rollout r on r.promotion_id = p.id join application a on a.id = p.application_id
    join environment e on e.id = p.environment_id join release l on l.id = p.release_id
    where ${Prisma.join(conditions, ' and ')} order by r.created_at desc, p.id desc limit ${mostChanges + 1}`
  const known = await loadAround(tx, tenant, rows)
  return rows.map((row) => withJudgement(factsOf(row, known)))
}

function withJudgement(facts: ChangeFacts): ChangeView {
  const conflicts = dutyConflicts(facts)
  return { ...facts, conflicts, exceptions: exceptionsOf(facts, conflicts) }
}

interface Around {
  tenant: TenantRef
  names: ReadonlyMap<string, string>
  uploaders: ReadonlyMap<string, string[]>
  approvals: readonly { promotionId: string; approverId: string; meaning: string; comment: string; decidedAt: Date; planDigest: string }[]
  acts: readonly { subject: string; action: string; actor: string; actorName: string; reason: string; at: Date }[]
  policies: ReadonlyMap<string, EnvironmentPolicyDocument>
}

/** What belongs to these changes and stands elsewhere; as many statements for two thousand as for one. */
async function loadAround(tx: Tx, tenant: TenantRef, rows: readonly ChangeRow[]): Promise<Around> {
  const ids = rows.map(({ id }) => id)
  const approvals = await tx.approval.findMany({
    where: { promotionId: { in: ids }, decision: 'approved', consumedAt: { not: null } },
    orderBy: { decidedAt: 'asc' },
    select: { promotionId: true, approverId: true, meaning: true, comment: true, decidedAt: true, planDigest: true },
  })
  const acts = await tx.$queryRaw<Around['acts'][number][]>`
    select subject, action, actor, content::json->'actor'->>'name' as "actorName", content::json->>'reason' as reason, at from audit_entry
    where log = ${tenant.id} and outcome = 'done' and subject = any(${ids.map((id) => `promotion:${id}`)})
      and (action = 'promotion.claimed' or action like 'breakglass.%') order by at`
  const uploads = await tx.$queryRaw<{ releaseId: string; uploadedBy: string }[]>`
    select distinct c.release_id as "releaseId", f.uploaded_by as "uploadedBy" from release_component c
    join image i on i.id = c.image_id join artifact f on f.id = i.artifact_id where c.release_id = any(${rows.map(({ releaseId }) => releaseId)})`
  const uploaders = new Map<string, string[]>()
  for (const { releaseId, uploadedBy } of uploads) uploaders.set(releaseId, [...(uploaders.get(releaseId) ?? []), uploadedBy])
  const policies = await tx.environmentPolicy.findMany({ where: { environmentId: { in: [...new Set(rows.map((row) => row.environmentId))] } } })
  const names = await peopleNames(tx, [
    ...rows.flatMap(({ requestedBy, releasedBy }) => [requestedBy, releasedBy]),
    ...approvals.map(({ approverId }) => approverId),
    ...acts.map(({ actor }) => actor),
    ...uploads.map(({ uploadedBy }) => uploadedBy),
    ...rows.flatMap(({ gates }) => (JSON.parse(gates) as GateResult[]).map(({ waiver }) => waiver?.by ?? '')),
  ])
  const documents = new Map(
    policies.map(({ environmentId, version, document }) => [`${environmentId} ${version}`, environmentPolicySchema.parse(JSON.parse(document))]),
  )
  return { tenant, names, uploaders, approvals, acts, policies: documents }
}

function factsOf(row: ChangeRow, around: Around): ChangeFacts {
  const plan = parsePlan(row.plan)
  const person = (id: string, name = id): PersonView => ({ id, name: around.names.get(id) ?? name })
  const acts = around.acts.filter(({ subject }) => subject === `promotion:${row.id}`)
  const claimed = acts.find(({ action }) => action === 'promotion.claimed')
  const uploaders = [...new Set([row.releasedBy, ...(around.uploaders.get(row.releaseId) ?? [])])]
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    application: { slug: row.applicationSlug, name: row.applicationName },
    environment: { slug: row.environmentSlug, name: row.environmentName, isProtected: row.isProtected },
    release: row.releaseName,
    digest: plan.release.components[0]?.digest ?? '',
    configRevision: plan.config.revision,
    planDigest: row.planDigest,
    reason: row.reason,
    incident: row.incident,
    requestedAt: row.requestedAt.toISOString(),
    claimedAt: row.claimedAt.toISOString(),
    settledAt: row.settledAt?.toISOString() ?? null,
    outcome: row.outcome,
    verification: row.verification,
    uploadedBy: uploaders.map((id) => person(id)),
    requestedBy: person(row.requestedBy),
    approvals: around.approvals
      .filter(({ promotionId }) => promotionId === row.id)
      .map(({ approverId, meaning, comment, decidedAt, planDigest }): ChangeApproval => ({
        by: person(approverId),
        meaning,
        comment,
        at: decidedAt.toISOString(),
        planDigest,
      })),
    deployedBy: claimed ? person(claimed.actor, claimed.actorName) : null,
    gates: (JSON.parse(row.gates) as GateResult[]).map((gate) =>
      gate.waiver ? { ...gate, waiver: { ...gate.waiver, by: around.names.get(gate.waiver.by) ?? gate.waiver.by } } : gate,
    ),
    freezesPassed: plan.freezeExemptions.length,
    brokenGlass: acts
      .filter(({ action }) => action.startsWith('breakglass.'))
      .map(({ actor, actorName, reason, at }) => ({ by: person(actor, actorName), reason, at: at.toISOString() })),
    rules: rulesOf(row, plan.policyVersion, around),
  }
}

function rulesOf(row: ChangeRow, version: number, { policies, tenant }: Around): ChangeFacts['rules'] {
  const document =
    policies.get(`${row.environmentId} ${version}`) ?? defaultPolicy({ slug: row.environmentSlug, isCustom: row.isCustom }, tenant.tier as Tier)
  const { count, fourEyes, forbidUploader } = document.approvals
  return { version, approvals: count, fourEyes, forbidUploader, asksApproval: gateMode(document, 'approvals', row.kind) === 'block' }
}
