import { database } from '#lib/platform/database'

const leaseSeconds = 10

/**
 * Whether this worker leads a kind of periodic work now: one row per kind, by the database's clock. The leader renews it
 * each time it asks; another takes over once it was silent for ten seconds. A time that is much further away than that was written before
 * somebody set the clock back.
 */
export async function isLeaderOf(kind: string, workerId: string): Promise<boolean> {
  const { rowCount } = await database().pool.query(
    `insert into platform_setting (key, value) values ($1, json_build_object('owner', $2::text, 'until', now() + $3 * interval '1 second')::text)
     on conflict (key) do update set value = excluded.value
       where platform_setting.value::json->>'owner' = $2 or (platform_setting.value::json->>'until')::timestamptz not between now() and now() + 2 * $3 * interval '1 second'
     returning key`,
    [`leader:${kind}`, workerId, leaseSeconds],
  )
  return rowCount === 1
}

/** So that the next leader need not wait, and nobody counts this worker any more. */
export async function resign(workerId: string): Promise<void> {
  await database().pool.query(`delete from platform_setting where key = $2 or (key like 'leader:%' and value::json->>'owner' = $1)`, [
    workerId,
    `worker:${workerId}`,
  ])
}

/** Removes what workers left behind that were killed long ago. */
export async function forgetWorkers(): Promise<void> {
  await database().pool.query(
    `delete from platform_setting where key like 'worker:%' and (value::json->>'at')::timestamptz < now() - interval '1 hour'`,
  )
}
