// Runs jobs, seals the audit logs and looks for tampering. Any number of workers may share one database.
import { Logger, run } from 'graphile-worker'
import { endWithParent } from '#bin/end-with-parent'
import { startSequencer } from '#lib/audit/commands/start-sequencer'
import { startSweeper } from '#lib/audit/commands/sweep-log'
import { createContext, systemActor, type TenantContext } from '#lib/platform/context'
import { closeDatabase, database, inTransaction } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { log } from '#lib/platform/log'
import { promotionJobs, type PromotionJob } from '#lib/promotions/jobs'

const heartbeatMs = 2000
const workerId = newId()
/** The queue speaks through our log, and only of what went wrong. */
const quiet = new Logger(() => (level, message) => {
  const name: string = level
  if (name === 'error' || name === 'warning') log.warn({ queue: name }, message)
})

async function main(): Promise<void> {
  const stopping = new AbortController()
  const tasks = Object.entries(promotionJobs).map(
    ([name, job]) =>
      [
        name,
        async (payload: unknown) => {
          await job(await tenantContext(payload as PromotionJob), payload as PromotionJob)
        },
      ] as const,
  )
  const runner = await run({
    pgPool: database().pool,
    concurrency: 4,
    pollInterval: 1000,
    noHandleSignals: true,
    parsedCronItems: [],
    logger: quiet,
    taskList: Object.fromEntries(tasks),
  })
  const loops = [startSequencer({ signal: stopping.signal }), startSweeper({ signal: stopping.signal })]
  await beat()
  const heartbeat = setInterval(() => void beat().catch(() => {}), heartbeatMs)
  process.send?.({ ready: true })

  const stop = async (): Promise<void> => {
    clearInterval(heartbeat)
    stopping.abort()
    await runner.stop()
    await Promise.all(loops)
    await closeDatabase()
    process.exit(0)
  }
  process.once('SIGTERM', () => void stop())
  process.once('SIGINT', () => void stop())
  endWithParent()
}

/** A job acts as the system inside the tenant that its payload names. */
async function tenantContext({ tenantId }: PromotionJob): Promise<TenantContext> {
  const tenant = await inTransaction(database(), { role: 'caisson_platform' }, (tx) => tx.tenant.findUniqueOrThrow({ where: { id: tenantId } }))
  return createContext({
    actor: systemActor('worker'),
    tenant: { id: tenant.id, slug: tenant.slug, tier: tenant.tier, isSuspended: tenant.suspendedAt !== null },
  })
}

/** `/ready` reads it: a worker that is silent for ten seconds counts as down. */
async function beat(): Promise<void> {
  await database().pool.query(
    `insert into platform_setting (key, value) values ($1, json_build_object('at', now())::text)
     on conflict (key) do update set value = excluded.value`,
    [`worker:${workerId}`],
  )
}

await main()
