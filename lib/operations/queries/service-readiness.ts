import { database } from '#lib/platform/database'
import { pendingMigrations } from '#lib/platform/postgres/migrate'
import { within } from '#lib/platform/postgres/outage'
import { runtimeFactsSchema } from '#lib/runtime/runtime-facts'

export interface Readiness {
  /** degraded: people can work, and something that runs applications does not. */
  status: 'ready' | 'degraded' | 'not_ready'
  /** Part → `ok` or a reason code. */
  checks: Record<string, string>
}

/** A database that says nothing for so long is away, whether or not its port is open. */
const answerLimitMs = 3000
const gating = ['postgres', 'schema', 'init']

/**
 * `/ready` gates traffic: the database answers, its schema is this program's, and initialisation completed. Beside that it says of
 * worker, runtime and gateway what the worker told within the last seconds; what nobody told is `unknown`.
 */
export async function readiness(): Promise<Readiness> {
  const checks: Record<string, string> = { postgres: 'ok', schema: 'ok', init: 'ok', worker: 'ok', runtime: 'ok', gateway: 'ok' }
  try {
    Object.assign(checks, await within(databaseChecks(), answerLimitMs))
  } catch {
    Object.assign(checks, { postgres: 'postgres_unreachable' }, unknown('schema', 'init'))
  }
  const isGood = (part: string) => checks[part] === 'ok'
  if (!gating.every(isGood)) return { status: 'not_ready', checks }
  return { status: Object.keys(checks).every(isGood) ? 'ready' : 'degraded', checks }
}

async function databaseChecks(): Promise<Record<string, string>> {
  const isBehind = (await pendingMigrations(database().pool)).length > 0
  return isBehind ? { schema: 'migrations_pending', ...unknown('init') } : settingsChecks()
}

function unknown(...parts: string[]): Record<string, string> {
  return Object.fromEntries([...parts, 'worker', 'runtime', 'gateway'].map((part) => [part, 'unknown']))
}

const at = `(value::json->>'at')::timestamptz`
/** What is told to be later than this was told before somebody set a clock back: nobody knows when. */
const ahead = `now() + interval '5 seconds'`

async function settingsChecks(): Promise<Record<string, string>> {
  const { rows } = await database().pool.query<{ init: boolean; worker: boolean; runtime: string | null }>(
    `select exists (select 1 from platform_setting where key = 'init.completed') as init,
            exists (select 1 from platform_setting where key like 'worker:%' and ${at} > now() - interval '10 seconds' and ${at} < ${ahead}) as worker,
            (select value from platform_setting where key = 'runtime:process' and ${at} > now() - interval '15 seconds' and ${at} < ${ahead}) as runtime`,
  )
  const [row] = rows
  return {
    init: row?.init ? 'ok' : 'init_incomplete',
    worker: row?.worker ? 'ok' : 'worker_down',
    ...runtimeChecks(row?.runtime ?? null),
  }
}

function runtimeChecks(told: string | null): { runtime: string; gateway: string } {
  const parsed = runtimeFactsSchema.safeParse(told === null ? null : JSON.parse(told))
  if (!parsed.success) return { runtime: 'unknown', gateway: 'unknown' }
  const { java, launcher, gateway } = parsed.data
  return { runtime: launcher === 'failed' ? 'launcher_failed' : java ? 'ok' : 'java_missing', gateway }
}
