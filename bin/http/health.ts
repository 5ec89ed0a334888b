import { database } from '#lib/platform/database'
import { pendingMigrations } from '#lib/platform/postgres/migrate'

export interface Readiness {
  status: 'ready' | 'degraded' | 'not_ready'
  /** Part → `ok` or a reason code. */
  checks: Record<string, string>
}

/** `/ready` gates traffic: the database answers, its schema is this program's, and initialisation completed. */
export async function readiness(): Promise<Readiness> {
  const checks: Record<string, string> = { postgres: 'ok', schema: 'ok', init: 'ok', worker: 'ok' }
  try {
    const { pool } = database()
    if ((await pendingMigrations(pool)).length > 0) checks['schema'] = 'migrations_pending'
    else Object.assign(checks, await settingsChecks())
  } catch {
    Object.assign(checks, { postgres: 'postgres_unreachable', schema: 'unknown', init: 'unknown', worker: 'unknown' })
  }
  const gates = ['postgres', 'schema', 'init'].every((part) => checks[part] === 'ok')
  return { status: gates ? (checks['worker'] === 'ok' ? 'ready' : 'degraded') : 'not_ready', checks }
}

async function settingsChecks(): Promise<Record<string, string>> {
  const { rows } = await database().pool.query<{ init: boolean; worker: boolean }>(
    `select exists (select 1 from platform_setting where key = 'init.completed') as init,
            exists (select 1 from platform_setting where key like 'worker:%' and (value::json->>'at')::timestamptz > now() - interval '10 seconds') as worker`,
  )
  return { init: rows[0]?.init ? 'ok' : 'init_incomplete', worker: rows[0]?.worker ? 'ok' : 'worker_down' }
}
