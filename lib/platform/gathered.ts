// What a change leaves beside itself (audit entries, jobs, what open pages hear) is gathered while it is made and written by
// one statement before its commit.
import { Prisma } from '#lib/platform/generated/client'

type Tx = Prisma.TransactionClient

/** One kind of rows that nobody reads before the commit. */
export interface Gathering<R> {
  /** Of the statement, in which each kind is a common table expression. */
  name: string
  /** An insert of all of them; or a select that acts, which then is read for that. */
  write: (rows: readonly R[]) => Prisma.Sql
  isSelect?: boolean
}

const gathered = new WeakMap<Tx, Map<Gathering<never>, unknown[]>>()

/** The transaction writes what is gathered in it before it commits. */
export function expectGathering(tx: Tx): void {
  gathered.set(tx, new Map())
}

/** Has a row written with the transaction; when that fails, nothing of it happens. */
export function gather<R>(tx: Tx, kind: Gathering<R>, row: R): void {
  const kinds = gathered.get(tx)
  if (!kinds) throw new TypeError('this transaction writes nothing that is gathered')
  const rows = kinds.get(kind) ?? []
  kinds.set(kind, rows)
  rows.push(row)
}

/** Writes everything that was gathered so far, in one statement. */
export async function writeGathered(tx: Tx): Promise<void> {
  const kinds = [...(gathered.get(tx) ?? [])] as [Gathering<unknown>, unknown[]][]
  if (kinds.length === 0) return
  gathered.set(tx, new Map())
  const parts = kinds.map(([kind, rows]) => Prisma.sql`${Prisma.raw(kind.name)} as (${kind.write(rows)})`)
  const acting = kinds.filter(([{ isSelect }]) => isSelect).map(([{ name }]) => Prisma.raw(`(select count(*) from ${name})`))
  await tx.$executeRaw`with ${Prisma.join(parts)} select ${Prisma.join([Prisma.raw('1'), ...acting])}`
}
