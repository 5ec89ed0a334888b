import type { Tx } from '#lib/platform/database'
import { gather, type Gathering } from '#lib/platform/gathered'
import { Prisma } from '#lib/platform/generated/client'

interface Job {
  task: string
  payload: Record<string, unknown>
  key: string
  runAt: Date
}

const jobs: Gathering<Job> = {
  name: 'jobs',
  isSelect: true,
  write: (rows) => Prisma.sql`
    select caisson_enqueue(task, payload::json, key, run_at)
    from unnest(${rows.map(({ task }) => task)}::text[], ${rows.map(({ payload }) => JSON.stringify(payload))}::text[], ${rows.map(({ key }) => key)}::text[],
      ${rows.map(({ runAt }) => runAt.toISOString())}::timestamptz[]) as job (task, payload, key, run_at)`,
}

/**
 * Adds a job in the transaction of the change: it runs after the commit or not at all. `key` makes it one job however
 * often it is asked for before it runs; a handler is one call to a command and may run again.
 */
export async function enqueue(tx: Tx, task: string, payload: Record<string, unknown>, options: { key: string; runAt?: Date }): Promise<void> {
  gather(tx, jobs, { task, payload, key: options.key, runAt: options.runAt ?? new Date(0) })
}
