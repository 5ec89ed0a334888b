import { database, inTransaction } from '#lib/platform/database'

const keptMs = 35 * 24 * 3_600_000

/** Deletes intervals that ended longer ago than anything is told of, of all tenants; what stands stays, however long it has. Returns how many. */
export async function forgetHistory(olderThanMs = keptMs): Promise<number> {
  return inTransaction(
    database(),
    { role: 'caisson_platform' },
    (tx) => tx.$executeRaw`delete from readiness_change where until_at < now() - ${olderThanMs} * interval '1 millisecond'`,
  )
}
