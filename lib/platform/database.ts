import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from '#lib/platform/generated/client'
import { log } from '#lib/platform/log'
import { Refusal } from '#lib/platform/refusal'
import { LendingPool, transact, type Tx } from '#lib/platform/transaction'

export type { Tx } from '#lib/platform/transaction'

export interface Database {
  prisma: PrismaClient
  /** The same pool, for hot paths and LISTEN. Statements on it must set role and tenant themselves. */
  pool: pg.Pool
  /** For {@link askPlatform}: connections that are `caisson_platform` for good. None is opened before it is needed. */
  platformPool: pg.Pool
  close(): Promise<void>
}

/** `caisson_app` sees one tenant; `caisson_platform` is for sign-in, claiming work, sweeping and the platform's admins. */
export type Scope = { role: 'caisson_app'; tenantId: string } | { role: 'caisson_platform' }

export function openDatabase(url: string, maxConnections = 20): Database {
  const pool = openPool(url, maxConnections)
  const platformPool = openPool(url, platformConnections, {
    // A connection where it fails is never lent out.
    verify: (client, done) => client.query('set role caisson_platform', (error) => done(error)),
  })
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { statementNameGenerator: ({ sql }) => statementName(sql) }) })
  return {
    prisma,
    pool,
    platformPool,
    async close() {
      await prisma.$disconnect()
      await Promise.all([pool, platformPool].map((one) => one.end().catch(() => {})))
    },
  }
}

const platformConnections = 10

function openPool(connectionString: string, max: number, options: pg.PoolConfig = {}): pg.Pool {
  const pool = new LendingPool({ connectionString, max, connectionTimeoutMillis: 10_000, ...options })
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ error: error.message }, 'an idle database connection broke'))
  // The same for one that breaks while it is lent out: the statement fails, the process goes on.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

const mostNames = 500

/**
 * A statement with a name is parsed and planned once for each connection. Those whose text depends on how much is asked for
 * could be endless, so that only the first {@link mostNames} texts have one.
 */
function statementName(sql: string): string {
  // Every copy of this module that Next bundles uses the same connections: one name must mean one text to all of them.
  const names = (shared.__caissonStatementNames ??= new Map())
  const known = names.get(sql)
  if (known !== undefined) return known
  if (names.size >= mostNames) return '' // as for a statement without one
  const name = `caisson_${names.size}`
  names.set(sql, name)
  return name
}

const shared = globalThis as typeof globalThis & { __caissonDatabase?: Database; __caissonStatementNames?: Map<string, string> }

/** The database of this process. On globalThis, because Next bundles a copy of this module. */
export function database(): Database {
  if (!shared.__caissonDatabase) {
    const url = process.env['DATABASE_URL']
    if (!url) throw new Refusal('unavailable', 'No database is configured.', { fix: 'Start with `caisson up`, or set DATABASE_URL.' })
    shared.__caissonDatabase = openDatabase(url)
  }
  return shared.__caissonDatabase
}

export async function closeDatabase(): Promise<void> {
  await shared.__caissonDatabase?.close()
  delete shared.__caissonDatabase
}

/**
 * Runs `work` in one transaction that begins with role and tenant; both end with it (`is_local = true`).
 * Isolation is read committed: what must survive a race is a constraint or a row lock, never the isolation level.
 */
export async function inTransaction<T>(db: Database, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  const opening = openingOf(scope.role, scope.role === 'caisson_app' ? scope.tenantId : '')
  return transact({ prisma: db.prisma, pool: db.pool, opening, nameOf: statementName }, work)
}

/** Whoever falls silent within a transaction loses it after a minute. */
function openingOf(role: string, tenantId: string): string {
  const settings = Object.entries({ role, 'caisson.tenant': tenantId, idle_in_transaction_session_timeout: '60000' })
  return `select ${settings.map(([name, value]) => `set_config('${name}', ${pg.escapeLiteral(value)}, true)`).join(', ')}`
}

/**
 * One statement of the platform in one round trip, parsed once for each connection, a transaction of its own: for what every
 * request asks. It sees every tenant's rows, so the statement itself names the tenant of each row it reads or writes.
 */
export async function askPlatform<Row extends pg.QueryResultRow>(text: string, values: unknown[], db = database()): Promise<Row[]> {
  return (await db.platformPool.query<Row>({ name: statementName(text), text, values })).rows
}

/**
 * The constraint or index that a write violated, when it did: `promotion_one_unsettled`, or the fields of it where the
 * driver tells no name. Commands turn it into the refusal that the rule would have thrown.
 */
export function violatedConstraint(error: unknown): string | undefined {
  const known = error as { code?: string; meta?: Record<string, unknown>; message?: string; constraint?: string }
  if (known?.code?.startsWith('23')) return known.constraint ?? known.message
  if (known?.code !== 'P2002' && known?.code !== 'P2003') return undefined
  const text = `${JSON.stringify(known.meta ?? {})} ${known.message ?? ''}`
  return /(?:constraint|index)[^a-z_]*"?\\?"?([a-z][a-z0-9_]+)\\?"?/i.exec(text)?.[1] ?? text
}

/** True when `error` says that the unique constraint or index `name` was violated, or (Prisma) that one on `fields` was. */
export function isUniqueViolation(error: unknown, name: string): boolean {
  const known = error as { code?: string; meta?: unknown; message?: string; constraint?: string; detail?: string }
  if (!known || typeof known !== 'object') return false
  if (known.code === '23505') return `${known.constraint} ${known.detail}`.includes(name)
  return known.code === 'P2002' && `${JSON.stringify(known.meta ?? {})} ${known.message ?? ''}`.includes(name)
}
