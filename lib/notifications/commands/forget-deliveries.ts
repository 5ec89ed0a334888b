// Deliveries say what other systems were told and are no record: that is the audit log. They are kept for a while and then deleted.
import { database, inTransaction } from '#lib/platform/database'
import { readSettings } from '#lib/platform/settings'

const atOnce = 5000

/**
 * Deletes, of all tenants, deliveries that were settled longer ago than `days` with their attempts, those that waited for a webhook that
 * was removed, and events that were taken longer ago and that no delivery is left of. What still waits stays, however old. Returns how many
 * rows of deliveries and events went.
 */
export async function forgetDeliveries(days: number = readSettings().CAISSON_WEBHOOK_RETENTION_DAYS): Promise<number> {
  let gone = 0
  for (;;) {
    const count = await forgetSome(days)
    gone += count
    if (count < atOnce) return gone
  }
}

function forgetSome(days: number): Promise<number> {
  return inTransaction(database(), { role: 'caisson_platform' }, async (tx) => {
    const old = await tx.$queryRaw<{ id: string }[]>`
      select d.id from webhook_delivery d join webhook_target t on t.id = d.target_id
      where (d.state <> 'pending' and d.settled_at < now() - ${days} * interval '1 day')
        or (d.state = 'pending' and t.removed_at < now() - ${days} * interval '1 day')
      limit ${atOnce} for update of d skip locked`
    const ids = old.map(({ id }) => id)
    await tx.$executeRaw`delete from webhook_attempt where delivery_id = any(${ids})`
    await tx.$executeRaw`delete from webhook_delivery where id = any(${ids})`
    const events = await tx.$executeRaw`
      delete from outbox_event where id in (
        select e.id from outbox_event e
        where e.taken_at < now() - ${days} * interval '1 day' and not exists (select 1 from webhook_delivery d where d.event_id = e.id)
        limit ${atOnce} for update skip locked)`
    return ids.length + events
  })
}
