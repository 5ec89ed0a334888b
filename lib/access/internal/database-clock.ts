import type { Tx } from '#lib/platform/database'

/** The time of the database, by which expiries are set and read: machines differ, it is one. */
export async function databaseNow(tx: Tx): Promise<Date> {
  const [row] = await tx.$queryRaw<{ now: Date }[]>`select now() as now`
  if (!row) throw new Error('the database told no time')
  return row.now
}

export function hoursAfter(start: Date, hours: number): Date {
  return new Date(start.getTime() + hours * 3_600_000)
}
