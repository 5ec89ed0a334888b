// Brings the rows, files and blobs of an archive back.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Client } from 'pg'
import type { LogHead } from '#lib/operations/backup'
import type { IncomingPart } from '#lib/operations/internal/parts'
import { wholeText } from '#lib/operations/internal/archive'
import { lasting, neverEmpty, quote, tablesInOrder, type DumpedTable } from '#lib/operations/internal/tables'
import { blobFolder, blobStore } from '#lib/platform/disk-blob-store'
import { dataPath } from '#lib/platform/settings'

const rowsAtOnce = 200
const bytesAtOnce = 4 * 1024 * 1024

/** Takes the parts of an archive in; the transaction and the files become real with {@link Loading.finish}. */
export class Loading {
  readonly #client: Client
  readonly #tables: Map<string, DumpedTable>
  readonly rows: Record<string, number> = {}

  private constructor(client: Client, tables: DumpedTable[]) {
    this.#client = client
    this.#tables = new Map(tables.map((table) => [table.name, table]))
  }

  /** Opens the transaction. Triggers of ours rest: rows come back as they were, and are not made anew. */
  static async start(client: Client): Promise<Loading> {
    await client.query("begin; set local timezone to 'UTC'")
    const tables = await tablesInOrder(client)
    for (const { name } of tables) await client.query(`alter table ${quote(name)} disable trigger user`)
    rmSync(staging(), { recursive: true, force: true })
    return new Loading(client, tables)
  }

  async take(part: IncomingPart): Promise<void> {
    const [, kind = '', rest = ''] = /^(tables|files|blobs)\/(.+)$/.exec(part.name) ?? []
    if (kind === 'tables') this.rows[rest.slice(0, -'.jsonl'.length)] = await this.#insert(rest.slice(0, -'.jsonl'.length), part)
    else if (kind === 'files') stage(rest, await wholeText(part))
    else if (kind === 'blobs') await blobStore().write(part.content, rest)
    else if (part.name === 'jobs.jsonl') await this.#enqueue(await wholeText(part))
  }

  /** The heads of the logs as they are in this transaction. */
  async heads(): Promise<LogHead[]> {
    const { rows } = await this.#client.query<LogHead>(`
      select l.log, coalesce(h.seq + 1, 0)::int as size, coalesce(h.hash, '') as hash
      from (select distinct log from audit_entry) l left join lateral (select seq, hash from audit_chain c where c.log = l.log order by seq desc limit 1) h on true
      order by l.log`)
    return rows
  }

  async finish(): Promise<void> {
    for (const name of this.#tables.keys()) {
      await this.#client.query(`alter table ${quote(name)} enable trigger user`)
      await this.#continueSequences(name)
    }
    for (const folder of existsSync(staging()) ? readdirSync(staging()) : []) {
      rmSync(dataPath(folder), { recursive: true, force: true })
      renameSync(join(staging(), folder), dataPath(folder))
    }
    rmSync(staging(), { recursive: true, force: true })
    await this.#client.query('commit')
  }

  /** As it was before: the installation was empty, so what was written is ours to remove. */
  async giveUp(): Promise<void> {
    await this.#client.query('rollback').catch(() => {})
    rmSync(staging(), { recursive: true, force: true })
    for (const folder of ['sha256', 'sha512', 'tmp']) rmSync(join(blobFolder(), folder), { recursive: true, force: true })
  }

  async #insert(name: string, part: IncomingPart): Promise<number> {
    const table = this.#tables.get(name)
    if (!table) throw new TypeError(`the archive has a table ${name} that this schema does not have`)
    const columns = table.columns.map(quote).join(', ')
    const sql = `insert into ${quote(name)} (${columns}) select ${columns} from json_populate_recordset(null::${quote(name)}, $1::json)`
    // The owner of a table is held by its walls too, and has no policy.
    await this.#client.query('set local role caisson_platform')
    if (neverEmpty.includes(name)) await this.#client.query(`delete from ${quote(name)} where ${lasting[name] ?? 'true'}`)
    let count = 0
    for await (const lines of batches(part.content)) {
      await this.#client.query(sql, [`[${lines.join(',')}]`])
      count += lines.length
    }
    await this.#client.query('reset role')
    return count
  }

  async #enqueue(text: string): Promise<void> {
    for (const line of text.split('\n').filter((one) => one !== '')) {
      const job = JSON.parse(line) as { task: string; payload: unknown; key: string; runAt: string }
      await this.#client.query('select caisson_enqueue($1, $2::json, $3, $4::timestamptz)', [
        job.task,
        JSON.stringify(job.payload),
        job.key,
        job.runAt,
      ])
    }
  }

  async #continueSequences(table: string): Promise<void> {
    const { rows } = await this.#client.query<{ sequence: string; column: string }>(
      `select pg_get_serial_sequence($1, a.attname) as sequence, a.attname as column from pg_attribute a
       where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and pg_get_serial_sequence($1, a.attname) is not null`,
      [quote(table)],
    )
    for (const { sequence, column } of rows) {
      await this.#client.query(`select setval($1, coalesce((select max(${quote(column)}) from ${quote(table)}), 0) + 1, false)`, [sequence])
    }
  }
}

async function* batches(content: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  let lines: string[] = []
  let size = 0
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of content) {
    let text = Buffer.concat([rest, chunk])
    for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10)) {
      lines.push(text.subarray(0, end).toString('utf8'))
      size += end
      text = text.subarray(end + 1)
      if (lines.length < rowsAtOnce && size < bytesAtOnce) continue
      yield lines
      lines = []
      size = 0
    }
    rest = text
  }
  if (rest.length > 0) lines.push(rest.toString('utf8'))
  if (lines.length > 0) yield lines
}

function staging(): string {
  return dataPath('restoring')
}

/** A file below the data directory, in `keys` or `anchors` and nowhere else, whoever made the archive. */
function stage(path: string, text: string): void {
  if (!/^(?:keys|anchors)\/[\w.-]+(?:\/[\w.-]+)*$/.test(path) || path.split('/').some((step) => step === '..' || step === '.')) {
    throw new TypeError(`the archive has a file ${path} that belongs nowhere`)
  }
  const target = join(staging(), path)
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  writeFileSync(target, text, { mode: 0o600, flush: true })
}
