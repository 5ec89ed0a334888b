import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { actorId, type TenantContext } from '#lib/platform/context'
import { announce } from '#lib/platform/live-event'
import { Refusal } from '#lib/platform/refusal'
import { environmentOf } from '#lib/promotions/internal/lock-promotion'
import { wakeWaiting } from '#lib/promotions/internal/wake-waiting'
import { presentWaiver } from '#lib/promotions/queries/list-waivers'
import type { revokeWaiverInput, WaiverView } from '#lib/promotions/waiver'

/** Ends a waiver before its time. `conflict` for one that does not stand any more. */
export async function revokeWaiver(ctx: TenantContext, input: z.output<typeof revokeWaiverInput>): Promise<WaiverView> {
  return ctx.write(async (tx) => {
    const row = await tx.waiver.findUnique({ where: { id: input.waiver } })
    if (!row) throw new Refusal('not_found', `There is no waiver ${input.waiver} that you can see.`)
    const environment = await environmentOf(tx, row)
    authorize(ctx.actor, 'waiver.grant', { environment })
    const revoked = await tx.$executeRaw`
      update waiver set revoked_at = now(), revoked_by = ${actorId(ctx.actor)} where id = ${row.id} and revoked_at is null and ends_at > now()`
    if (revoked === 0) throw new Refusal('conflict', 'This waiver was revoked or has ended already.', { fix: 'Look at the waivers again.' })
    const application = await tx.application.findUniqueOrThrow({ where: { id: row.applicationId }, select: { slug: true } })
    await appendEntry(tx, ctx, {
      action: 'waiver.revoked',
      subject: { kind: 'waiver', id: row.id, name: `${row.gate} for ${application.slug} in ${environment.slug}` },
      before: { gate: row.gate, reason: row.reason },
    })
    await wakeWaiting(tx, ctx, { environmentId: row.environmentId, applicationId: row.applicationId })
    await announce(tx, ctx.tenant.id, 'board', row.applicationId)
    return presentWaiver(tx, ctx, row.id)
  })
}
