// The tables as the database knows them, so that a test about all of them cannot forget one.
import type { Tx } from '#lib/platform/database'

export interface TableShape {
  name: string
  /** Row-level security holds for the owner of the table too. */
  isForced: boolean
  /** The column that says whose a row is: `tenant_id`, or `log` where it is the tenant's id; none for what is nobody's. */
  owner: 'tenant_id' | 'log' | undefined
  columns: { name: string; type: string; isNullable: boolean; hasDefault: boolean }[]
}

export async function listTables(tx: Tx): Promise<TableShape[]> {
  const rows = await tx.$queryRaw<{ table: string; forced: boolean; name: string; type: string; nullable: boolean; has_default: boolean }[]>`
    select c.relname as table, c.relforcerowsecurity as forced, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
           not a.attnotnull as nullable, a.atthasdef as has_default
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where n.nspname = 'public' and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
    order by c.relname, a.attnum`
  const tables = new Map<string, TableShape>()
  for (const row of rows) {
    const table = tables.get(row.table) ?? { name: row.table, isForced: row.forced, owner: undefined, columns: [] }
    if (row.name === 'tenant_id' || row.name === 'log') table.owner = row.name
    table.columns.push({ name: row.name, type: row.type, isNullable: row.nullable, hasDefault: row.has_default })
    tables.set(row.table, table)
  }
  return [...tables.values()]
}

/** An insert of one row with a value of the right type in every column that needs one; it means nothing. */
export function fillRow(table: TableShape, tenantId: string, mark = 'a'): string {
  const needed = table.columns.filter(({ isNullable, hasDefault }) => !isNullable && !hasDefault)
  const values = needed.map(({ name, type }) => (name === table.owner ? `'${tenantId}'` : valueFor(table.name, name, type, mark)))
  return `insert into "${table.name}" (${needed.map(({ name }) => `"${name}"`).join(', ')}) values (${values.join(', ')})`
}

/** Values that the check constraints take, which hold even where foreign keys are not asked. */
const particular: Record<string, string> = {
  'promotion.state': 'failed',
  'promotion.kind': 'promote',
  'config_default.layer': 'application',
  'kit_stage.outcome': 'done',
  'evidence.outcome': 'pass',
  'evidence.origin': 'system',
  'restore_drill.kind': 'data',
  'restore_drill.result': 'passed',
}

function valueFor(table: string, name: string, type: string, mark: string): string {
  const value = particular[`${table}.${name}`]
  if (value !== undefined) return `'${value}'`
  if (type.endsWith('[]')) return `'{}'`
  if (/^(integer|bigint|smallint|numeric|double)/.test(type)) return String(mark.codePointAt(0))
  if (type.startsWith('timestamp')) return 'now()'
  if (type === 'boolean') return 'false'
  if (type === 'bytea') return `'\\x00'`
  return `'${mark}-${table.replaceAll('_', '-')}'`
}
