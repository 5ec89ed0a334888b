import { authorize } from '#lib/access/authorize'
import { findPlace } from '#lib/configuration/queries/find-place'
import { actorId, type TenantContext } from '#lib/platform/context'
import { Refusal } from '#lib/platform/refusal'
import { setHoldInput, type HoldView, type SetHoldInput } from '#lib/promotions/hold'
import { insertHold } from '#lib/promotions/internal/insert-hold'
import { presentHold } from '#lib/promotions/queries/list-holds'

/** Holds one application in one environment: nothing new comes in until somebody lifts it. `conflict` where a hold stands already. */
export async function setHold(ctx: TenantContext, input: SetHoldInput): Promise<HoldView> {
  const asked = setHoldInput.parse(input)
  return ctx.write(async (tx) => {
    const { application, environment } = await findPlace(tx, asked)
    authorize(ctx.actor, 'hold.set', { environment })
    const id = await insertHold(tx, ctx, {
      environmentId: environment.id,
      applicationId: application.id,
      name: `${application.slug} in ${environment.slug}`,
      reason: asked.reason,
      setBy: actorId(ctx.actor),
      promotionId: null,
    })
    if (id !== undefined) return presentHold(tx, ctx, id)
    throw new Refusal('conflict', `${application.slug} in ${environment.slug} is held already.`, { fix: 'Lift the hold that stands, or leave it.' })
  })
}
