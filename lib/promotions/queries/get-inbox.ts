import { authorize } from '#lib/access/authorize'
import { actorId, type TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { approvalRules } from '#lib/promotions/approval'
import { assess } from '#lib/promotions/assess'
import { blocks, sortGates } from '#lib/promotions/gates'
import { renderManifests } from '#lib/runtime/render-manifests'
import { resolved, resolveRevision } from '#lib/promotions/internal/reassess'
import type { InboxItem, InboxView } from '#lib/promotions/inbox'
import { mayApprove } from '#lib/promotions/may-approve'
import { requestParametersSchema, type PromotionSummary } from '#lib/promotions/promotion'
import { summarise } from '#lib/promotions/queries/list-promotions'
import { loadSituation } from '#lib/promotions/queries/load-situation'
import type { Situation } from '#lib/promotions/situation'

/** How many waiting promotions the inbox looks at, oldest first, and how many settled ones it keeps in sight. */
const limit = { waiting: 100, done: 20 }

/** What waits for this person, what waits for others, and what they decided on or asked for last. */
export async function getInbox(ctx: TenantContext): Promise<InboxView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const items = await waitingItems(tx, ctx)
    const needsYou = items.filter(({ mayApprove }) => mayApprove.allowed)
    return {
      needsYou,
      waitingForOthers: items.filter((item) => !needsYou.includes(item)),
      done: await doneBy(tx, actorId(ctx.actor)),
      count: needsYou.length,
    }
  })
}

/** How many promotions wait for an approval that this person may give. */
export async function countInbox(ctx: TenantContext): Promise<{ count: number }> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => ({ count: (await waitingItems(tx, ctx)).filter(({ mayApprove }) => mayApprove.allowed).length }))
}

async function waitingItems(tx: Tx, ctx: TenantContext): Promise<InboxItem[]> {
  const rows = await tx.promotion.findMany({
    where: { state: { in: ['requested', 'approved'] } },
    orderBy: { requestedAt: 'asc' },
    take: limit.waiting,
  })
  if (rows.length === 0) return []
  const situation = await loadSituation(tx, ctx.tenant, { applicationIds: [...new Set(rows.map(({ applicationId }) => applicationId))] })
  const items: InboxItem[] = []
  for (const summary of await summarise(tx, rows)) {
    const item = await present(tx, ctx, situation, summary)
    if (item) items.push(item)
  }
  return items
}

async function present(tx: Tx, ctx: TenantContext, situation: Situation, summary: PromotionSummary): Promise<InboxItem | undefined> {
  const application = situation.applications.find(({ slug }) => slug === summary.application.slug)
  const environment = situation.environments.find(({ slug }) => slug === summary.environment.slug)
  const promotion = environment && application?.unsettled.get(environment.id)
  const release = promotion && application?.releases.get(promotion.releaseId)
  if (!application || !environment || !promotion || !release || promotion.id !== summary.id) return undefined
  const place = { application, environment }
  const { configRevision } = requestParametersSchema.parse(JSON.parse(promotion.parameters))
  const toRun = resolved(place, promotion.kind, release, await resolveRevision(tx, place, promotion.kind, configRevision))
  const asked = { requestedBy: promotion.requestedBy, decisions: promotion.approvals }
  const { planDigest, counted, gates } = assess(situation, place, toRun, asked, renderManifests)
  const rules = approvalRules(environment.policy.document)
  const awaitsApproval = gates.some((gate) => gate.gate === 'approvals' && blocks(gate))
  const verdict = mayApprove(ctx.actor, { place, promotion, release }, planDigest)
  return {
    ...summary,
    planDigest,
    approvals: { given: counted.length, required: awaitsApproval ? rules.required : counted.length },
    blockedBy: sortGates(gates).filter((gate) => blocks(gate) && gate.gate !== 'approvals'),
    mayApprove:
      awaitsApproval || !verdict.allowed ? verdict : { allowed: false, code: 'conflict', reason: 'It waits for something else than approval.' },
    expiresAt: new Date(promotion.requestedAt.getTime() + rules.expiresAfterHours * 3_600_000).toISOString(),
  }
}

async function doneBy(tx: Tx, personId: string): Promise<PromotionSummary[]> {
  const decided = await tx.approval.findMany({
    where: { approverId: personId },
    orderBy: { decidedAt: 'desc' },
    take: limit.done,
    select: { promotionId: true },
  })
  const rows = await tx.promotion.findMany({
    where: {
      state: { notIn: ['requested', 'approved'] },
      OR: [{ id: { in: decided.map(({ promotionId }) => promotionId) } }, { requestedBy: personId }],
    },
    orderBy: { requestedAt: 'desc' },
    take: limit.done,
  })
  return summarise(tx, rows)
}
