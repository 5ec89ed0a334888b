import { database, inTransaction } from '#lib/platform/database'

/** Deletes the events that nobody will ask for any more, of all tenants. Returns how many. */
export async function forgetEvents(olderThanMs = 3_600_000): Promise<number> {
  return inTransaction(
    database(),
    { role: 'caisson_platform' },
    (tx) => tx.$executeRaw`delete from live_event where created_at < now() - ${olderThanMs} * interval '1 millisecond'`,
  )
}
