import type { Client, PoolClient } from 'pg'
import { excluded } from '#lib/operations/backup'

export interface DumpedTable {
  name: string
  /** Columns that are written; generated ones follow by themselves. */
  columns: string[]
  /** The order in which rows may come back: a row that refers to another of its table comes after it. */
  orderBy: string
  /** The column of the tenant's id; undefined where there is none. */
  owner: 'tenant_id' | 'log' | 'id' | undefined
}

/** Tables of the installation but those that are left out, each after the ones that it refers to. */
export async function tablesInOrder(client: Client | PoolClient): Promise<DumpedTable[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; key: string[] }>(`
    select c.relname as name,
      array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') as columns,
      (select array_agg(k.attname::text order by o.place) from pg_index i cross join unnest(i.indkey::int[]) with ordinality as o (number, place)
         join pg_attribute k on k.attrelid = c.oid and k.attnum = o.number where i.indrelid = c.oid and i.indisprimary) as key
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and c.relname <> '_prisma_migrations'
    group by c.oid, c.relname order by c.relname`)
  const { rows: references } = await client.query<{ from: string; to: string }>(`
    select distinct f.relname as from, t.relname as to from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace and f.oid <> t.oid`)
  const tables = rows
    .filter(({ name }) => !Object.hasOwn(excluded, name))
    .map(({ name, columns, key }): DumpedTable => {
      const owner = columns.includes('tenant_id') ? 'tenant_id' : columns.includes('log') ? 'log' : name === 'tenant' ? 'id' : undefined
      return { name, columns, orderBy: (key ?? columns).map(quote).join(', '), owner }
    })
  return sorted(tables, references)
}

function sorted(tables: DumpedTable[], references: readonly { from: string; to: string }[]): DumpedTable[] {
  const ordered: DumpedTable[] = []
  let waiting = tables
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ name }) => name))
    const ready = waiting.filter(({ name }) => !references.some(({ from, to }) => from === name && names.has(to)))
    if (ready.length === 0) throw new TypeError(`tables refer to one another in a circle: ${[...names].join(', ')}`)
    ordered.push(...ready)
    waiting = waiting.filter((table) => !ready.includes(table))
  }
  return ordered
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Which rows of a table are state: the others tell of a running process or of this machine, and are made anew. */
export const lasting: Readonly<Record<string, string>> = {
  platform_setting: "key not like 'leader:%' and key not like 'worker:%' and key not like 'runtime:%'",
}

/** Tables that a migration or a start alone puts something into: a row in them is nobody's work. */
export const neverEmpty: readonly string[] = ['platform_setting']
