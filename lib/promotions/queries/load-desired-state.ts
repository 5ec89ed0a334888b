import { findRevision } from '#lib/configuration/queries/current-revision'
import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'
import { desiredStateOf } from '#lib/promotions/desired-state'
import { parsePlan, type PlanDocument } from '#lib/promotions/plan'
import type { DesiredState } from '#lib/runtime/driver'

/** What the runtime is asked for by a promotion: composed from its stored plan and the revision that the plan names. Replicas are 0 for stop. */
export async function loadDesiredState(tx: Tx, promotionId: string): Promise<DesiredState> {
  const [row] = await tx.$queryRaw<{ plan: string }[]>`select plan from promotion where id = ${promotionId}`
  if (!row) throw new Refusal('not_found', `There is no promotion ${promotionId} that you can see.`)
  return desiredStateOfPlan(tx, promotionId, parsePlan(row.plan))
}

/** The same where the plan is known already. */
export async function desiredStateOfPlan(tx: Tx, promotionId: string, plan: PlanDocument): Promise<DesiredState> {
  const revision = await findRevision(tx, plan.environment.id, plan.application.id, plan.config.revision)
  if (revision?.hash !== plan.config.hash)
    throw new TypeError(`configuration r${plan.config.revision} is not the one that plan ${promotionId} was made with`)
  return desiredStateOf(plan, revision.document)
}
