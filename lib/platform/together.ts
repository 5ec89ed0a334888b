// Several readings by one statement: at one moment, and for one way to the database and back.
import type { Tx } from '#lib/platform/database'
import { Prisma } from '#lib/platform/generated/client'

/** A query whose rows come as JSON. */
export interface Reading<R> {
  sql: Prisma.Sql
  revive: (row: Record<string, unknown>) => R
}

type DateOf<R> = { [K in keyof R & string]: Date extends R[K] ? K : never }[keyof R & string]

/** Rows of `sql`; of its columns, `dates` are times. Other columns are what JSON has: text, numbers below 2^53, booleans, lists. */
export function reading<R extends object>(sql: Prisma.Sql, ...dates: DateOf<R>[]): Reading<R> {
  return {
    sql,
    revive: (row) => {
      for (const name of dates) if (row[name] !== null) row[name] = new Date(row[name] as string)
      return row as R
    },
  }
}

/** All rows of all readings, each in its own order. One statement. */
export async function readTogether<T extends Record<string, Reading<unknown>>>(
  tx: Tx,
  readings: T,
): Promise<{ [K in keyof T]: ReturnType<T[K]['revive']>[] }> {
  const columns = Object.entries(readings).map(
    ([name, { sql }]) => Prisma.sql`(select coalesce(json_agg(r), '[]') from (${sql}) r) as ${Prisma.raw(`"${name}"`)}`,
  )
  const [found] = await tx.$queryRaw<Record<string, Record<string, unknown>[]>[]>`select ${Prisma.join(columns)}`
  const rows = Object.entries(readings).map(([name, { revive }]) => [name, found?.[name]?.map((row) => revive(row)) ?? []] as const)
  return Object.fromEntries(rows) as { [K in keyof T]: ReturnType<T[K]['revive']>[] }
}
