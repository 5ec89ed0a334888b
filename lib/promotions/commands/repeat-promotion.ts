import type { z } from 'zod'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { demand } from '#lib/platform/refusal'
import { lockPromotion } from '#lib/promotions/internal/lock-promotion'
import { lostRace, openPromotion } from '#lib/promotions/internal/open-promotion'
import { parsePlan } from '#lib/promotions/plan'
import { bringsRelease } from '#lib/promotions/promotion-kind'
import { requestParametersSchema, requestPromotionInput, type PromotionView, type repeatPromotionInput } from '#lib/promotions/promotion'
import { mayPromotion } from '#lib/promotions/promotion-state'
import { presentOpened } from '#lib/promotions/queries/get-promotion'

type Input = z.input<typeof repeatPromotionInput>

/** Asks again for what failed or errored, as a new promotion that names the old one: new plan, new gates, new rollout. */
export function retryPromotion(ctx: TenantContext, input: Input): Promise<PromotionView> {
  return repeat(ctx, input, 'retry')
}

/** "Fix and ask again": a new request for what was rejected or expired, linked to it. */
export function askAgain(ctx: TenantContext, input: Input): Promise<PromotionView> {
  return repeat(ctx, input, 'askAgain')
}

async function repeat(ctx: TenantContext, input: Input, act: 'retry' | 'askAgain'): Promise<PromotionView> {
  let slugs = { application: '', environment: '' }
  try {
    return await ctx.write(async (tx) => {
      const { request, configRevision } = await requestOf(tx, input, act)
      slugs = request
      return presentOpened(tx, ctx, await openPromotion(tx, ctx, request, { repeated: { id: input.promotion, configRevision } }))
    })
  } catch (error) {
    return lostRace(ctx, error, slugs)
  }
}

/** The request that a settled promotion was made of. */
async function requestOf(tx: Tx, input: Input, act: 'retry' | 'askAgain') {
  const locked = await lockPromotion(tx, input.promotion)
  demand(mayPromotion(act, locked))
  const { plan: text } = await tx.promotion.findUniqueOrThrow({ where: { id: locked.id }, select: { plan: true } })
  const plan = parsePlan(text)
  const { configRevision, restore, acknowledgedContract } = requestParametersSchema.parse(JSON.parse(locked.parameters))
  const request = requestPromotionInput.parse({
    application: plan.application.slug,
    environment: plan.environment.slug,
    kind: locked.kind,
    ...(bringsRelease(locked.kind) ? { release: plan.release.name } : {}),
    ...(locked.kind === 'scale' ? { replicas: plan.replicas } : {}),
    config: configRevision === null ? 'now' : 'then',
    restored: restore?.restored ?? '',
    acknowledge: acknowledgedContract === '' ? [] : ['contract'],
    reason: input.reason ?? locked.reason,
    incident: locked.incident,
  })
  return { request, configRevision: plan.config.revision }
}
