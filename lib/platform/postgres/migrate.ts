// Applies prisma/migrations in order, each in one transaction, and writes the table that `prisma migrate deploy` keeps,
// so that both agree. Our own hand, because a migration with functions and DO blocks must not be split at semicolons.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runMigrations } from 'graphile-worker'
import pg from 'pg'
import { sha256Hex } from '#lib/platform/canonical-json'
import { newId } from '#lib/platform/id'
import { databaseRefusal, refuseOldServer, type UrlVariable } from '#lib/platform/postgres/database-refusal'
import { Refusal } from '#lib/platform/refusal'

const migrationsDir = join(import.meta.dirname, '../../../prisma/migrations')

// Any number: it only has to be the same in every process that migrates.
const migrationLock = 7_245_501_901
const connectTimeoutMs = 15_000

export interface MigrationResult {
  applied: string[]
  total: number
}

/**
 * Idempotent; two at once wait for each other. Refuses a schema that is newer than this program, a server that is too old,
 * and says what to do about one that is down or lets nobody in.
 * @param variable where `ownerUrl` was read
 */
export async function migrate(ownerUrl: string, variable: UrlVariable = 'DATABASE_URL'): Promise<MigrationResult> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: connectTimeoutMs })
  client.on('error', () => {}) // a connection that breaks fails the statement that runs
  try {
    await client.connect()
    return await migrateBy(client, ownerUrl)
  } catch (error) {
    throw databaseRefusal(error, ownerUrl, variable) ?? error
  } finally {
    await client.end().catch(() => {})
  }
}

async function migrateBy(client: pg.Client, ownerUrl: string): Promise<MigrationResult> {
  const { rows } = await client.query<{ version: string }>(`select current_setting('server_version_num') as version`)
  refuseOldServer(Number(rows[0]?.version), ownerUrl)
  await client.query('select pg_advisory_lock($1)', [migrationLock])
  await client.query(`create table if not exists _prisma_migrations (
    id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null,
    logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`)
  const done = new Map((await appliedMigrations(client)).map((row) => [row.migration_name, row.checksum]))
  const known = readMigrations()
  refuseStrangers(done, known)
  const applied: string[] = []
  for (const migration of known.filter(({ name }) => !done.has(name))) {
    await apply(client, migration)
    applied.push(migration.name)
  }
  await runMigrations({ connectionString: ownerUrl })
  return { applied, total: known.length }
}

/** How many migrations this program knows that the database has not applied. */
export async function pendingMigrations(pool: pg.Pool): Promise<string[]> {
  try {
    const { rows } = await pool.query<{ migration_name: string }>('select migration_name from _prisma_migrations where finished_at is not null')
    const done = new Set(rows.map((row) => row.migration_name))
    return readMigrations().flatMap(({ name }) => (done.has(name) ? [] : [name]))
  } catch (error) {
    if ((error as { code?: string }).code === '42P01') return readMigrations().map(({ name }) => name)
    throw error
  }
}

/** The name of the newest migration of this program. */
export function newestMigration(): string {
  return readMigrations().at(-1)?.name ?? ''
}

interface Migration {
  name: string
  sql: string
  checksum: string
}

function readMigrations(): Migration[] {
  return readdirSync(migrationsDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(migrationsDir, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: sha256Hex(sql) }
    })
}

async function appliedMigrations(client: pg.Client) {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    'select migration_name, checksum from _prisma_migrations where finished_at is not null',
  )
  return rows
}

function refuseStrangers(done: Map<string, string>, known: Migration[]): void {
  const newer = [...done.keys()].filter((name) => !known.some((migration) => migration.name === name))
  if (newer.length > 0) {
    throw new Refusal('conflict', `The database has a newer schema than this program: ${newer.join(', ')}.`, {
      fix: 'Start the version of Caisson that wrote it, or a later one.',
    })
  }
  const changed = known.filter(({ name, checksum }) => done.has(name) && done.get(name) !== checksum)
  if (changed.length > 0) {
    throw new Refusal('conflict', `These migrations changed after they were applied: ${changed.map(({ name }) => name).join(', ')}.`, {
      fix: 'Use the program that the database was made with.',
    })
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query(
      'insert into _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count) values ($1, $2, now(), $3, 1)',
      [newId(), migration.checksum, migration.name],
    )
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`migration ${migration.name} failed and changed nothing: ${(error as Error).message}`, { cause: error })
  }
}
