// Looks for a planted text in everything that a system made: as it is, and in the disguises that text takes on its way.
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

/** Plain letters and digits, so that neither JSON nor an address writes them otherwise. */
export interface Canary {
  text: string
  needles: Buffer[]
}

/** As it is, backwards, in hexadecimal digits of either case, and in base64 at each of its three offsets, for both alphabets. */
export function canaryOf(text: string): Canary {
  const bytes = Buffer.from(text)
  const hex = bytes.toString('hex')
  const base64 = [0, 1, 2].map((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    // The first and the last characters also hold bits of the neighbours.
    return whole.slice(offset === 0 ? 0 : 4, -4)
  })
  const all = [
    text,
    [...text].toReversed().join(''),
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((one) => one.replaceAll('+', '-').replaceAll('/', '_')),
  ]
  return { text, needles: [...new Set(all)].map((one) => Buffer.from(one)) }
}

export function holds({ needles }: Canary, content: string | Buffer): boolean {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  return needles.some((needle) => bytes.includes(needle))
}

/** Files below a folder that hold it; those that go away meanwhile hold nothing. */
export function filesHolding(canary: Canary, folder: string): string[] {
  return listed(folder).flatMap((name) => {
    const path = join(folder, name)
    try {
      const stat = lstatSync(path)
      if (stat.isDirectory()) return filesHolding(canary, path)
      return stat.isFile() && holds(canary, readFileSync(path)) ? [path] : []
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  })
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Columns of a whole database, of every schema, in which a row holds it. */
export async function columnsHolding(canary: Canary, url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: columns } = await client.query<{ table: string; column: string }>(`
      select format('%I.%I', n.nspname, c.relname) as table, quote_ident(a.attname) as column
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'm') and a.attnum > 0 and not a.attisdropped and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`)
    const found: string[] = []
    for (const { table, column } of columns) {
      const { rows } = await client.query<{ text: string | null }>(`select ${column}::text as text from ${table}`)
      if (rows.some(({ text }) => text !== null && holds(canary, text))) found.push(`${table}.${column}`)
    }
    if (columns.length < 100) throw new Error(`only ${columns.length} columns were looked at`)
    return found
  } finally {
    await client.end()
  }
}
