// Raw statements give and take the same JavaScript values as they do through Prisma.
import pg from 'pg'
import { Prisma } from '#lib/platform/generated/client'

const { builtins } = pg.types
const parsers = new Map<number, (text: string) => unknown>([
  [builtins.INT8, BigInt],
  [builtins.NUMERIC, (text) => new Prisma.Decimal(text)],
])

export const typesAsPrisma: pg.CustomTypesConfig = {
  getTypeParser: (type, format) =>
    (format === 'binary' ? undefined : parsers.get(type)) ?? (pg.types.getTypeParser(type, format) as (text: string) => unknown),
}

/** A BigInt has no type of its own in the protocol. */
export function bindingsOf(values: readonly unknown[]): unknown[] {
  return values.map((value) => (typeof value === 'bigint' ? value.toString() : value))
}
