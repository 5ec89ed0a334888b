import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { announce } from '#lib/platform/live-event'

interface NewHold {
  environmentId: string
  applicationId: string
  /** `orders in prod` */
  name: string
  reason: string
  /** Whoever asked for it, or for the rollback that it follows. */
  setBy: string
  /** The rollback that it follows. */
  promotionId: string | null
}

/** Writes a hold with its entry and returns its id; undefined where one stands already (`hold_one_standing`), which then stays as it is. */
export async function insertHold(tx: Tx, ctx: TenantContext, { name, environmentId, applicationId, reason, setBy, promotionId }: NewHold) {
  const id = newId()
  const written = await tx.$executeRaw`
    insert into hold (id, tenant_id, environment_id, application_id, promotion_id, reason, created_by)
    values (${id}, ${ctx.tenant.id}, ${environmentId}, ${applicationId}, ${promotionId}, ${reason}, ${setBy})
    on conflict (environment_id, application_id) where lifted_at is null do nothing`
  if (written === 0) return undefined
  await appendEntry(tx, ctx, {
    action: 'hold.set',
    subject: { kind: 'hold', id, name },
    after: { place: name, setBy, promotion: promotionId },
    reason,
  })
  await announce(tx, ctx.tenant.id, 'board', id)
  return id
}
