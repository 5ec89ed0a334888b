import type { WorkFacts } from '#lib/operations/diagnosis'
import { database, inTransaction, type Tx } from '#lib/platform/database'

/** What waits, runs or fails; of one tenant, or of all (null) with the platform's own log. The queue belongs to no tenant, so the filter is ours. */
export async function workFacts(tenantId: string | null): Promise<WorkFacts> {
  const jobs = await jobFacts(tenantId)
  return inTransaction(database(), { role: 'caisson_platform' }, async (tx) => ({
    sealing: await sealingFacts(tx, tenantId),
    jobs,
    webhooks: await webhookFacts(tx, tenantId),
    newestBackupMs: await backupAge(tx, tenantId),
  }))
}

async function sealingFacts(tx: Tx, tenantId: string | null): Promise<WorkFacts['sealing']> {
  const [row] = await tx.$queryRaw<{ waiting: number; oldestMs: number }[]>`
    select count(*)::int as waiting, greatest(0, coalesce(extract(epoch from clock_timestamp() - min(created_at)) * 1000, 0))::float8 as "oldestMs"
    from audit_unsealed where ${tenantId}::text is null or log = ${tenantId}`
  return row ?? { waiting: 0, oldestMs: 0 }
}

/** Asked as the account itself, which is what the queue's own rights are given to. */
async function jobFacts(tenantId: string | null): Promise<WorkFacts['jobs']> {
  const { pool } = database()
  const isOurs = `($1::text is null or j.payload->>'tenantId' = $1)`
  const isOpen = 'j.locked_at is null and j.attempts < j.max_attempts'
  const { rows } = await pool.query<Omit<WorkFacts['jobs'], 'failing'>>(
    `select count(*) filter (where ${isOpen} and j.run_at <= now())::int as ready,
      greatest(0, coalesce(extract(epoch from now() - min(greatest(j.run_at, j.updated_at)) filter (where ${isOpen} and j.run_at <= now())) * 1000, 0))::float8 as "oldestReadyMs",
      count(*) filter (where j.locked_at is not null)::int as running,
      count(*) filter (where ${isOpen} and j.run_at > now())::int as later,
      count(*) filter (where j.attempts >= j.max_attempts)::int as dead
     from graphile_worker._private_jobs j where ${isOurs}`,
    [tenantId],
  )
  const { rows: failing } = await pool.query<{ task: string; count: number }>(
    `select t.identifier as task, count(*)::int as count
     from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
     where j.last_error is not null and ${isOurs} group by t.identifier order by t.identifier`,
    [tenantId],
  )
  return { ...(rows[0] ?? { ready: 0, oldestReadyMs: 0, running: 0, later: 0, dead: 0 }), failing }
}

/** Of targets that are sent to: what is paused waits on purpose. One that is tried again waits since its event. */
async function webhookFacts(tx: Tx, tenantId: string | null): Promise<WorkFacts['webhooks']> {
  const [row] = await tx.$queryRaw<{ pending: number; oldestMs: number; dead: number }[]>`
    select count(*) filter (where d.state = 'pending')::int as pending,
      greatest(0, coalesce(extract(epoch from now() - min(d.created_at) filter (where d.state = 'pending')) * 1000, 0))::float8 as "oldestMs",
      count(*) filter (where d.state = 'dead' and d.settled_at > now() - interval '1 day')::int as dead
    from webhook_delivery d join webhook_target t on t.id = d.target_id and t.disabled_at is null
    where ${tenantId}::text is null or d.tenant_id = ${tenantId}`
  return row ?? { pending: 0, oldestMs: 0, dead: 0 }
}

async function backupAge(tx: Tx, tenantId: string | null): Promise<number | null> {
  const [row] = await tx.$queryRaw<{ ms: number | null }[]>`
    select (extract(epoch from now() - max(completed_at)) * 1000)::float8 as ms
    from backup_part where ${tenantId}::text is null or tenant_id = ${tenantId}`
  return row?.ms ?? null
}
