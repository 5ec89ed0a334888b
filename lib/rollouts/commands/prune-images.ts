import { database, inTransaction } from '#lib/platform/database'
import { log } from '#lib/platform/log'
import { parsePlan } from '#lib/promotions/plan'
import type { DesiredState } from '#lib/runtime/driver'

/**
 * Has a runtime forget the images that no deployment of any tenant is promised, stopped ones included, and that no unsettled
 * promotion would bring. Returns what `prune` removed.
 */
export async function pruneImages(prune: (needed: ReadonlySet<string>) => Promise<string[]>): Promise<string[]> {
  const needed = await inTransaction(database(), { role: 'caisson_platform' }, async (tx) => {
    const deployments = await tx.deployment.findMany({ select: { desired: true } })
    const promotions = await tx.promotion.findMany({ where: { state: { in: ['requested', 'approved', 'rolling_out'] } }, select: { plan: true } })
    return new Set([
      ...deployments.flatMap(({ desired }) => (JSON.parse(desired) as DesiredState).components.map(({ digest }) => digest)),
      ...promotions.flatMap(({ plan }) => parsePlan(plan).release.components.map(({ digest }) => digest)),
    ])
  })
  const removed = await prune(needed)
  if (removed.length > 0) log.info({ images: removed }, 'unpacked images that nothing needs were removed')
  return removed
}
