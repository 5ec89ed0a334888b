// What goes into an archive, read in one snapshot of the database while writes go on.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from 'pg'
import { listLogFiles } from '#lib/audit/queries/list-log-files'
import { excluded, type BackupBegin, type BackupManifest, type LogHead } from '#lib/operations/backup'
import { writePart, type OutgoingPart, type PartDigest } from '#lib/operations/internal/parts'
import { lasting, quote, tablesInOrder, type DumpedTable } from '#lib/operations/internal/tables'
import { blobStore } from '#lib/platform/disk-blob-store'
import { isRefusal } from '#lib/platform/refusal'
import { dataPath } from '#lib/platform/settings'

const rowsAtOnce = 100

/** Secrets that the environment gives are not in the data directory, so that no archive has them. */
const givenByEnvironment = ['CAISSON_SECRETS_KEY', 'CAISSON_SECRETS_KEY_PREVIOUS']

export interface Snapshot {
  client: Client
  begin: BackupBegin
  jobs: readonly unknown[]
  tables: DumpedTable[]
  heads: LogHead[]
}

/**
 * Opens the snapshot (REPEATABLE READ, read only) in which everything is read: a write that commits from now on is in the next backup.
 * The client is the schema's owner and ends the transaction itself.
 */
export async function openSnapshot(client: Client, begin: Omit<BackupBegin, 'migrations'>): Promise<Snapshot> {
  await client.query("begin isolation level repeatable read read only; set local timezone to 'UTC'")
  const { rows: migrations } = await client.query<{ name: string }>(
    'select migration_name as name from _prisma_migrations where finished_at is not null order by migration_name',
  )
  const { rows: jobs } = await client.query<{ job: unknown }>(`
    select json_build_object('task', t.identifier, 'payload', j.payload, 'key', j.key, 'runAt', j.run_at) as job
    from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where j.key is not null order by j.id`)
  await client.query('set local role caisson_platform')
  const { rows: heads } = await client.query<LogHead>(`
    select l.log, coalesce(h.seq + 1, 0)::int as size, coalesce(h.hash, '') as hash
    from (select distinct log from audit_entry) l left join lateral (select seq, hash from audit_chain c where c.log = l.log order by seq desc limit 1) h on true
    order by l.log`)
  return {
    client,
    begin: { ...begin, migrations: migrations.map(({ name }) => name) },
    jobs: jobs.map(({ job }) => job),
    tables: await tablesInOrder(client),
    heads,
  }
}

interface TenantTally {
  rows: number
  hash: ReturnType<typeof createHash>
  blobs: number
  blobBytes: number
}

/** The bytes of an archive. `onManifest` is called with what it ends with. */
export async function* dump(snapshot: Snapshot, onManifest: (manifest: BackupManifest) => void): AsyncGenerator<Buffer> {
  const parts: PartDigest[] = []
  const rows: Record<string, number> = {}
  const tenants = new Map<string, TenantTally>()
  const write = (name: string, content: OutgoingPart['content']) => writePart({ name, content }, (digest) => parts.push(digest))
  yield* write('begin.json', text(JSON.stringify(snapshot.begin)))
  for (const table of snapshot.tables) {
    rows[table.name] = 0
    yield* write(
      `tables/${table.name}.jsonl`,
      rowsOf(snapshot.client, table, (owner, line) => {
        rows[table.name] = (rows[table.name] ?? 0) + 1
        if (owner !== null && owner !== 'platform') tallyRow(tenants, owner, line)
      }),
    )
  }
  yield* write('jobs.jsonl', text(snapshot.jobs.map((job) => `${JSON.stringify(job)}\n`).join('')))
  // After the snapshot: a key that an entry of it was written with is on the disk by now.
  for (const file of keyFiles()) yield* write(`files/keys/${file}`, text(readFileSync(dataPath('keys', file))))
  for (const { log, size } of snapshot.heads) for (const file of listLogFiles(log, size)) yield* write(`files/${file.path}`, text(file.text))
  const blobs = { count: 0, sizeBytes: 0, damaged: [] as string[] }
  for (const { digest, sizeBytes, owners } of await blobsOf(snapshot.client)) {
    const isSound = await isWhole(digest)
    if (!isSound) {
      blobs.damaged.push(digest)
      continue
    }
    yield* write(`blobs/${digest}`, await blobStore().read(digest))
    blobs.count += 1
    blobs.sizeBytes += sizeBytes
    for (const owner of owners) {
      const tally = tallyOf(tenants, owner)
      tally.blobs += 1
      tally.blobBytes += sizeBytes
    }
  }
  const manifest: BackupManifest = {
    ...snapshot.begin,
    parts: [...parts],
    rows,
    heads: snapshot.heads,
    blobs,
    excluded: { ...excluded, ...keysOutside() },
    tenants: [...tenants].map(([id, tally]) => ({
      id,
      rows: tally.rows,
      blobs: tally.blobs,
      blobBytes: tally.blobBytes,
      digest: `sha256:${tally.hash.digest('hex')}`,
    })),
  }
  onManifest(manifest)
  yield* write('manifest.json', text(JSON.stringify(manifest)))
}

/** Rows as lines of JSON, a page at a time from a cursor. */
async function* rowsOf(client: Client, table: DumpedTable, onRow: (owner: string | null, line: string) => void): AsyncGenerator<Buffer> {
  const columns = table.columns.map(quote).join(', ')
  const where = lasting[table.name] === undefined ? '' : `where ${lasting[table.name]}`
  const owner = table.owner === undefined ? 'null::text' : `r.${quote(table.owner)}`
  await client.query(
    `declare dumped no scroll cursor for select row_to_json(r)::text as line, ${owner} as owner
     from (select ${columns} from ${quote(table.name)} ${where} order by ${table.orderBy}) r`,
  )
  for (;;) {
    const { rows } = await client.query<{ line: string; owner: string | null }>(`fetch ${rowsAtOnce} from dumped`)
    if (rows.length === 0) break
    for (const row of rows) onRow(row.owner, row.line)
    yield Buffer.from(rows.map(({ line }) => `${line}\n`).join(''))
  }
  await client.query('close dumped')
}

function tallyOf(tenants: Map<string, TenantTally>, id: string): TenantTally {
  const tally = tenants.get(id) ?? { rows: 0, hash: createHash('sha256'), blobs: 0, blobBytes: 0 }
  tenants.set(id, tally)
  return tally
}

function tallyRow(tenants: Map<string, TenantTally>, id: string, line: string): void {
  const tally = tallyOf(tenants, id)
  tally.rows += 1
  tally.hash.update(line).update('\n')
}

/** Every blob that a row makes visible, with the tenants that see it. */
async function blobsOf(client: Client): Promise<{ digest: string; sizeBytes: number; owners: string[] }[]> {
  const { rows } = await client.query<{ digest: string; size: string; owners: string[] }>(`
    select digest, max(size_bytes)::text as size, array_agg(distinct tenant_id) as owners from (
      select tenant_id, digest, size_bytes from repository_blob union all select tenant_id, digest, size_bytes from artifact
    ) b group by digest order by digest`)
  return rows.map(({ digest, size, owners }) => ({ digest, sizeBytes: Number(size), owners }))
}

async function isWhole(digest: string): Promise<boolean> {
  try {
    await blobStore().verifiedPath(digest)
    return true
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}

/** Below `keys/`; what was signed last comes from the snapshot instead, and a draft is no key. */
function keyFiles(): string[] {
  if (!existsSync(dataPath('keys'))) return []
  return readdirSync(dataPath('keys'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dataPath('keys').length + 1))
    .filter((name) => !name.startsWith('audit-signed/') && !/\.[0-9a-f]{12}$/.test(name))
    .toSorted()
}

function keysOutside(): Record<string, string> {
  const given = givenByEnvironment.filter((name) => process.env[name])
  return Object.fromEntries(given.map((name) => [name, 'given by the environment: keep it yourself, or no secret can be read again']))
}

async function* text(content: string | Buffer): AsyncGenerator<Buffer> {
  yield typeof content === 'string' ? Buffer.from(content) : content
}
