// What a run works on, read once after the claim.
import { Prisma } from '#lib/platform/generated/client'
import { reading, readTogether } from '#lib/platform/together'
import { parsePlan } from '#lib/promotions/plan'
import { desiredStateOfPlan } from '#lib/promotions/queries/load-desired-state'
import type { RolloutRun, Work } from '#lib/rollouts/internal/run'

interface PromotionRow {
  kind: string
  releaseId: string
  plan: string
  planDigest: string
  runtimeKind: string
}

export async function loadWork(run: RolloutRun): Promise<Work> {
  const { promotionId } = run.claimed
  return run.ctx.read(async (tx) => {
    const { promotions, levels } = await readTogether(tx, {
      promotions: reading<PromotionRow>(Prisma.sql`
        select p.kind, p.release_id as "releaseId", p.plan, p.plan_digest as "planDigest", e.runtime_kind as "runtimeKind"
        from promotion p join environment e on e.id = p.environment_id where p.id = ${promotionId}`),
      // From the inspection of their JARs.
      levels: reading<{ component: string; javaLevel: number | null }>(Prisma.sql`
        select c.component, (a.facts::jsonb ->> 'javaLevel')::int as "javaLevel"
        from promotion p join release_component c on c.release_id = p.release_id join image i on i.id = c.image_id
        left join artifact a on a.id = i.artifact_id where p.id = ${promotionId}`),
    })
    const [promotion] = promotions
    if (!promotion) throw new TypeError(`promotion ${promotionId} is gone`)
    const { kind, releaseId, planDigest, runtimeKind } = promotion
    const plan = parsePlan(promotion.plan)
    return {
      run,
      driver: run.parts.driverFor(runtimeKind),
      desired: await desiredStateOfPlan(tx, promotionId, plan),
      kind,
      releaseId,
      planText: promotion.plan,
      planDigest,
      plan,
      javaLevels: new Map(levels.map(({ component, javaLevel }) => [component, javaLevel])),
    }
  })
}
