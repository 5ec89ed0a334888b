import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { actorId, type TenantContext } from '#lib/platform/context'
import { announce } from '#lib/platform/live-event'
import { Refusal } from '#lib/platform/refusal'
import { liftHoldInput, type HoldView, type LiftHoldInput } from '#lib/promotions/hold'
import { wakeWaiting } from '#lib/promotions/internal/wake-waiting'
import { presentHold } from '#lib/promotions/queries/list-holds'

/** Lets new things in again, in the name of whoever lifts it and with their reason; what waited is looked at again. */
export async function liftHold(ctx: TenantContext, input: LiftHoldInput): Promise<HoldView> {
  const asked = liftHoldInput.parse(input)
  return ctx.write(async (tx) => {
    const row = await tx.hold.findUnique({ where: { id: asked.hold } })
    if (!row) throw new Refusal('not_found', `There is no hold ${asked.hold} that you can see.`)
    const environment = await tx.environment.findUniqueOrThrow({ where: { id: row.environmentId } })
    const application = await tx.application.findUniqueOrThrow({ where: { id: row.applicationId }, select: { slug: true } })
    authorize(ctx.actor, 'hold.set', { environment })
    const name = `${application.slug} in ${environment.slug}`
    const lifted = await tx.$executeRaw`
      update hold set lifted_at = now(), lifted_by = ${actorId(ctx.actor)}, lift_reason = ${asked.reason} where id = ${row.id} and lifted_at is null`
    if (lifted === 0) throw new Refusal('conflict', `The hold of ${name} was lifted already.`, { fix: 'Look at the board again.' })
    await appendEntry(tx, ctx, {
      action: 'hold.lifted',
      subject: { kind: 'hold', id: row.id, name },
      before: { reason: row.reason, setBy: row.createdBy, promotion: row.promotionId },
      reason: asked.reason,
    })
    await wakeWaiting(tx, ctx, { environmentId: row.environmentId, applicationId: row.applicationId })
    await announce(tx, ctx.tenant.id, 'board', row.id)
    return presentHold(tx, ctx, row.id)
  })
}
