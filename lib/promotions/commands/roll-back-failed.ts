import { z } from 'zod'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { isRefusal, Refusal } from '#lib/platform/refusal'
import { whyNotFollowed } from '#lib/promotions/automatic-rollback'
import { openPromotion } from '#lib/promotions/internal/open-promotion'
import { lockPromotion } from '#lib/promotions/internal/lock-promotion'
import { promotionName } from '#lib/promotions/internal/promotion-name'
import { parsePlan } from '#lib/promotions/plan'
import { requestPromotionInput } from '#lib/promotions/promotion'
import { unsettledStates } from '#lib/promotions/promotion-state'

const replacedSchema = z.object({ releaseId: z.string(), configRevision: z.int() })

/**
 * Brings back what ran before a promotion that failed, where the policy of its environment says so: the release before, with the
 * configuration that it ran with; after a configuration that failed, the same release with the revision before. Safe to run again: the first one that is on its way is the only one. What refuses it is an entry.
 */
export async function rollBackFailed(ctx: TenantContext, input: { promotionId: string }): Promise<void> {
  if (ctx.tenant.isSuspended) return
  try {
    await ctx.write((tx) => follow(tx, ctx, input.promotionId))
  } catch (error) {
    if (!isRefusal(error)) throw error
    await ctx.write((tx) => recordRefusal(tx, ctx, input.promotionId, error))
  }
}

async function follow(tx: Tx, ctx: TenantContext, promotionId: string): Promise<void> {
  const failed = await lockPromotion(tx, promotionId)
  const place = { environmentId: failed.environmentId, applicationId: failed.applicationId }
  const rollout = await tx.rollout.findUnique({ where: { promotionId }, select: { replaced: true, cancelledAt: true } })
  const deployment = await tx.deployment.findUnique({ where: { environmentId_applicationId: place }, select: { promotionId: true } })
  const unsettled = await tx.promotion.count({ where: { ...place, state: { in: [...unsettledStates] } } })
  const before = rollout && rollout.replaced !== '' ? replacedSchema.parse(JSON.parse(rollout.replaced)) : null
  const facts = { ...failed, isCancelled: Boolean(rollout?.cancelledAt), replacedReleaseId: before?.releaseId ?? null }
  if (!before || whyNotFollowed(facts, deployment?.promotionId, unsettled > 0) !== '') return
  const release = await tx.release.findUniqueOrThrow({ where: { id: before.releaseId }, select: { name: true } })
  const { plan: text, outcome } = await tx.promotion.findUniqueOrThrow({ where: { id: promotionId }, select: { plan: true, outcome: true } })
  const plan = parsePlan(text)
  const request = requestPromotionInput.parse({
    application: plan.application.slug,
    environment: plan.environment.slug,
    kind: 'rollback',
    release: release.name,
    config: 'then',
    reason: `By the policy of ${plan.environment.slug}, because ${plan.release.name} failed: ${outcome}`.slice(0, 2000),
  })
  if (failed.kind === 'config' && before.configRevision === plan.config.revision) {
    const words = `r${before.configRevision} ran before as well: only secrets changed, and an older secret would open nothing any more.`
    throw new Refusal('conflict', words, { fix: 'Set the secret that is right, and apply it.' })
  }
  // Only what runs now can come back with another revision than it last completed with.
  const returnsTo = failed.kind === 'config' ? { returnsTo: before.configRevision } : {}
  await openPromotion(tx, ctx, request, { automaticFor: promotionId, ...returnsTo })
}

async function recordRefusal(tx: Tx, ctx: TenantContext, promotionId: string, refusal: Refusal): Promise<void> {
  await appendEntry(tx, ctx, {
    action: 'promotion.not_rolled_back',
    subject: { kind: 'promotion', id: promotionId, name: await promotionName(tx, promotionId) },
    outcome: 'failed',
    reason: `${refusal.code}: ${refusal.message}`,
  })
}
