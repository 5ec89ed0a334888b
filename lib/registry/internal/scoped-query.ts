import pg from 'pg'
import { database } from '#lib/platform/database'

/** A value inside a statement: quoted by the driver, never pasted. */
export type SqlValue = string | number | null

/**
 * One read of a tenant's rows in one round trip, for what every pull asks: the statements of a simple query are one
 * transaction, and its first one sets role and tenant as `inTransaction` does.
 */
export function readScoped<Row extends object>(tenantId: string): (parts: TemplateStringsArray, ...values: SqlValue[]) => Promise<Row[]> {
  return async (parts, ...values) => {
    const statement = parts.reduce((text, part, index) => text + quote(values[index - 1] ?? null) + part)
    const scope = `select set_config('role', 'caisson_app', true), set_config('caisson.tenant', ${pg.escapeLiteral(tenantId)}, true)`
    // The driver answers several statements with one result each; its types know only of one.
    const results = (await database().pool.query(`${scope};\n${statement}`)) as unknown as { rows: Row[] }[]
    return results[1]?.rows ?? []
  }
}

function quote(value: SqlValue): string {
  if (value === null) return 'null'
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError(`not a whole number: ${value}`)
    return String(value)
  }
  return pg.escapeLiteral(value)
}
