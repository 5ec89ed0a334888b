import { statfs } from 'node:fs/promises'
import type { InstallationFacts } from '#lib/operations/diagnosis'
import { database } from '#lib/platform/database'
import { blobFolder, probeBlobFolder } from '#lib/platform/disk-blob-store'
import { dataPath } from '#lib/platform/settings'
import { runtimeFactsSchema } from '#lib/runtime/runtime-facts'

interface Row {
  now: Date
  version: string
  connections: number
  mostConnections: number
  heartbeatMs: number | null
  workers: number
  runtime: string | null
  haltedLogs: number
}

/** Looks at the machine of this process and at the database behind it. */
export async function installationFacts(): Promise<{ facts: InstallationFacts; postgres: string; java: string }> {
  const pool = database().pool
  await pool.query('select 1') // a connection may have to be made first, which is not how long an answer takes
  const askedAt = Date.now()
  const { rows: clock } = await pool.query<{ now: Date }>('select clock_timestamp() as now')
  const answerMs = Date.now() - askedAt
  const [{ rows }, probe, blobs, disk] = await Promise.all([
    pool.query<Row>(`
      select current_setting('server_version') as version,
        (select count(*)::int from pg_stat_activity where datname is not null) as connections,
        current_setting('max_connections')::int as "mostConnections",
        (select extract(epoch from now() - max((value::json->>'at')::timestamptz)) * 1000 from platform_setting
          where key like 'worker:%' and (value::json->>'at')::timestamptz < now() + interval '5 seconds')::float8 as "heartbeatMs",
        (select count(*)::int from platform_setting
          where key like 'worker:%' and (value::json->>'at')::timestamptz between now() - interval '10 seconds' and now() + interval '5 seconds') as workers,
        (select value from platform_setting where key = 'runtime:process') as runtime,
        (select count(*)::int from audit_log_state where findings <> '[]') as "haltedLogs"`),
    probeBlobFolder(),
    room(blobFolder()),
    room(dataPath()),
  ])
  const [row] = rows
  if (!row) throw new Error('a select without a table gave no row')
  const told = runtimeFactsSchema.safeParse(row.runtime === null ? null : JSON.parse(row.runtime))
  return {
    facts: {
      database: { answerMs, connections: row.connections, mostConnections: row.mostConnections },
      clockDifferenceMs: Math.round((clock[0]?.now.getTime() ?? askedAt) - (askedAt + answerMs / 2)),
      heartbeatMs: row.heartbeatMs === null ? null : Math.max(0, Math.round(row.heartbeatMs)),
      workers: row.workers,
      blobStore: { probe, ...blobs },
      disk,
      haltedLogs: row.haltedLogs,
    },
    postgres: row.version.split(' ')[0] ?? '',
    java: (told.success && told.data.java?.version) || 'none',
  }
}

async function room(folder: string): Promise<{ freeBytes: number; totalBytes: number }> {
  const { bavail, blocks, bsize } = await statfs(folder).catch(() => statfs(dataPath()))
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}
