// A database of its own for every test file: copied from a template that was migrated once per schema.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { sha256Hex } from '#lib/platform/canonical-json'
import { closeDatabase, database, type Database } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { migrate } from '#lib/platform/postgres/migrate'

/**
 * Call at the top of a test file: before its tests there is an empty migrated database in `DATABASE_URL` and an empty
 * data directory in `CAISSON_DATA`; after them both are gone.
 */
export function useTestDatabase(): { readonly db: Database; readonly ownerUrl: string; readonly dataDir: string } {
  const state = { ownerUrl: '', dataDir: '' }
  beforeAll(async () => {
    state.dataDir = mkdtempSync(join(tmpdir(), 'caisson-test-'))
    state.ownerUrl = await createTestDatabase()
    process.env['CAISSON_DATA'] = state.dataDir
    process.env['DATABASE_URL'] = state.ownerUrl
  }, 120_000)
  afterAll(async () => {
    await closeDatabase()
    await dropTestDatabase(state.ownerUrl)
    rmSync(state.dataDir, { recursive: true, force: true })
  }, 60_000)
  return {
    get db() {
      return database()
    },
    get ownerUrl() {
      return state.ownerUrl
    },
    get dataDir() {
      return state.dataDir
    },
  }
}

/** What a worker saw of a machine that runs everything: no test of a promotion needs a worker for it. */
const machine = JSON.stringify({
  at: '2026-01-01T00:00:00Z',
  java: { version: '28', level: 28 },
  memoryMiB: 1_048_576,
  launcher: 'ok',
  gateway: 'ok',
})

/** URL of a fresh, migrated database on the test server. */
export async function createTestDatabase(): Promise<string> {
  const server = serverUrl()
  const template = `caisson_template_${sha256Hex(migrationsHash() + machine).slice(0, 16)}`
  await withClient(server, async (client) => {
    // One test process makes the template; the others wait here.
    await client.query('select pg_advisory_lock(815002)')
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [template])
    if (rowCount) return
    const draft = `draft_${newId().replaceAll('-', '')}`
    await client.query(`create database ${draft}`)
    await migrate(withName(server, draft))
    await withClient(withName(server, draft), (one) => one.query(`insert into platform_setting values ('runtime:process', $1)`, [machine]))
    await client.query(`alter database ${draft} rename to ${template}`)
  })
  const name = `test_${newId().replaceAll('-', '')}`
  await withClient(server, (client) => client.query(`create database ${name} template ${template}`))
  return withName(server, name)
}

export async function dropTestDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  if (!name.startsWith('test_')) return
  await withClient(serverUrl(), (client) => client.query(`drop database if exists ${name} with (force)`))
}

function serverUrl(): string {
  const url = process.env['CAISSON_TEST_POSTGRES_URL']
  if (!url) throw new Error('no test server: vitest.setup.ts starts one')
  return url
}

function withName(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

function migrationsHash(): string {
  const dir = join(import.meta.dirname, '../../prisma/migrations')
  const names = readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  return sha256Hex(names.map((name) => readFileSync(join(dir, name, 'migration.sql'), 'utf8')).join('\n')).slice(0, 16)
}
