// What a rollout would leave behind, as rows, for tests of what comes before and after one.
import { newId } from '#lib/platform/id'
import type { TenantContext } from '#lib/platform/context'
import { canonicalJson } from '#lib/platform/canonical-json'
import { settlePromotion } from '#lib/promotions/commands/settle-promotion'
import { parsePlan } from '#lib/promotions/plan'
import { loadDesiredState } from '#lib/promotions/queries/load-desired-state'

export interface RolloutResult {
  state?: 'completed' | 'failed' | 'errored'
  /** Of the deployment afterwards. */
  health?: 'ready' | 'degraded' | 'not_ready' | 'unknown'
}

/** Settles the promotion that rolls out as if its rollout had run, and writes the deployment that it leaves. */
export async function completeRollout(ctx: TenantContext, promotionId: string, result: RolloutResult = {}): Promise<void> {
  const state = result.state ?? 'completed'
  await ctx.write(async (tx) => {
    const row = await tx.promotion.findUniqueOrThrow({ where: { id: promotionId } })
    const plan = parsePlan(row.plan)
    const desired = await loadDesiredState(tx, promotionId)
    const isApplied = state === 'completed'
    await tx.rollout.updateMany({
      where: { promotionId },
      data: { phase: isApplied ? 'applied' : 'failed', verification: isApplied ? 'passed' : 'failed', settledAt: new Date() },
    })
    if (isApplied) {
      const health = row.kind === 'stop' ? 'stopped' : (result.health ?? 'ready')
      const data = {
        promotionId,
        releaseId: row.releaseId,
        configRevision: plan.config.revision,
        configHash: desired.configHash,
        secrets: JSON.stringify(plan.secrets),
        desired: canonicalJson(desired),
        replicas: plan.replicas,
        readyReplicas: health === 'ready' ? plan.replicas : 0,
        isStopped: row.kind === 'stop',
        state: health,
        stateReason: health === 'ready' ? '' : 'test',
        observedAt: new Date(),
        readySince: new Date(),
        deployedAt: new Date(),
      }
      const { environmentId, applicationId } = row
      await tx.deployment.upsert({
        where: { environmentId_applicationId: { environmentId, applicationId } },
        create: { id: newId(), tenantId: row.tenantId, environmentId, applicationId, ...data },
        update: data,
      })
    }
    await settlePromotion(tx, ctx, promotionId, { state, outcome: isApplied ? '' : 'The test said so.' })
  })
}
