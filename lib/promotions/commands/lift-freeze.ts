import type { z } from 'zod'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { actorId, type TenantContext } from '#lib/platform/context'
import { announce } from '#lib/platform/live-event'
import { Refusal } from '#lib/platform/refusal'
import type { FreezeView, liftFreezeInput } from '#lib/promotions/freeze'
import { wakeWaiting } from '#lib/promotions/internal/wake-waiting'
import { demandFreeze } from '#lib/promotions/internal/demand-freeze'
import { presentFreeze } from '#lib/promotions/queries/list-freezes'

/** Opens what a freeze closed; what waited for it is looked at again. `conflict` for one that was lifted or has ended. */
export async function liftFreeze(ctx: TenantContext, input: z.output<typeof liftFreezeInput>): Promise<FreezeView> {
  return ctx.write(async (tx) => {
    const row = await tx.freeze.findUnique({ where: { id: input.freeze } })
    if (!row) throw new Refusal('not_found', `There is no freeze ${input.freeze} that you can see.`)
    const environment = row.environmentId ? await tx.environment.findUniqueOrThrow({ where: { id: row.environmentId } }) : undefined
    const application = row.applicationId ? await tx.application.findUniqueOrThrow({ where: { id: row.applicationId } }) : undefined
    await demandFreeze(tx, ctx, environment)
    const lifted = await tx.$executeRaw`
      update "freeze" set lifted_at = now(), lifted_by = ${actorId(ctx.actor)}
      where id = ${row.id} and lifted_at is null and (ends_at is null or ends_at > now())`
    if (lifted === 0) throw new Refusal('conflict', 'This freeze was lifted or has ended already.', { fix: 'Look at the freezes again.' })
    await appendEntry(tx, ctx, {
      action: 'freeze.lifted',
      subject: { kind: 'freeze', id: row.id, name: `${application?.slug ?? 'every application'} in ${environment?.slug ?? 'every environment'}` },
      before: { reason: row.reason, incident: row.incident },
    })
    await wakeWaiting(tx, ctx, {
      ...(row.environmentId ? { environmentId: row.environmentId } : {}),
      ...(row.applicationId ? { applicationId: row.applicationId } : {}),
    })
    await announce(tx, ctx.tenant.id, 'board', row.id)
    return presentFreeze(tx, ctx, row.id)
  })
}
