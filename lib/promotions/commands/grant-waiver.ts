import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { findPlace } from '#lib/configuration/queries/find-place'
import { actorId, type TenantContext } from '#lib/platform/context'
import { newId } from '#lib/platform/id'
import { announce } from '#lib/platform/live-event'
import { demand, Refusal } from '#lib/platform/refusal'
import { wakeWaiting } from '#lib/promotions/internal/wake-waiting'
import { presentWaiver } from '#lib/promotions/queries/list-waivers'
import { grantWaiverInput, mayEndAt, type GrantWaiverInput, type WaiverView } from '#lib/promotions/waiver'
import { mayWaive } from '#lib/promotions/waivable'

/**
 * Grants a named, reasoned, expiring exception to one gate of one application in one environment. `own_request` while one's own
 * promotion waits there; a waiver also never counts for a request that its granter makes later. It is part of the plan, so
 * approvals given before it are void.
 */
export async function grantWaiver(ctx: TenantContext, input: GrantWaiverInput): Promise<WaiverView> {
  const asked = grantWaiverInput.parse(input)
  return ctx.write(async (tx) => {
    const { application, environment } = await findPlace(tx, asked)
    authorize(ctx.actor, 'waiver.grant', { environment })
    demand(mayWaive(asked.gate))
    const [clock] = await tx.$queryRaw<{ now: Date }[]>`select now() as now`
    const endsAt = new Date(asked.endsAt)
    demand(mayEndAt(endsAt, clock?.now ?? ctx.now()))
    const scope = { environmentId: environment.id, applicationId: application.id }
    const own = await tx.promotion.findFirst({
      where: { ...scope, state: { in: ['requested', 'approved'] }, requestedBy: actorId(ctx.actor) },
      select: { id: true },
    })
    if (own) {
      throw new Refusal('own_request', `Your own promotion of ${application.slug} waits in ${environment.slug}: you cannot waive its gates.`, {
        fix: 'Ask another approver.',
      })
    }
    const id = newId()
    await tx.waiver.create({
      data: { id, tenantId: ctx.tenant.id, ...scope, gate: asked.gate, reason: asked.reason, grantedBy: actorId(ctx.actor), endsAt },
    })
    await appendEntry(tx, ctx, {
      action: 'waiver.granted',
      subject: { kind: 'waiver', id, name: `${asked.gate} for ${application.slug} in ${environment.slug}` },
      after: { gate: asked.gate, application: application.slug, environment: environment.slug, endsAt: endsAt.toISOString() },
      reason: asked.reason,
    })
    await wakeWaiting(tx, ctx, scope)
    await announce(tx, ctx.tenant.id, 'board', application.slug)
    return presentWaiver(tx, ctx, id)
  })
}
