// Runs jobs and rollouts, probes what is deployed, seals the audit logs and looks for tampering. Any number of workers may
// share one database.
import { Logger, run, type TaskList } from 'graphile-worker'
import { endWithParent } from '#bin/end-with-parent'
import { forgetWorkers, isLeaderOf, resign } from '#bin/worker/leader'
import { periodically } from '#bin/worker/periodically'
import { readinessParts, rolloutParts } from '#bin/worker/runtime-parts'
import { startSequencer } from '#lib/audit/commands/start-sequencer'
import { startSweeper } from '#lib/audit/commands/sweep-log'
import { forgetEvents } from '#lib/live/commands/forget-events'
import { dispatch } from '#lib/notifications/commands/dispatch'
import { forgetDeliveries } from '#lib/notifications/commands/forget-deliveries'
import { runRequestedBackup } from '#lib/operations/commands/request-backup'
import { letGoOldBackups, scheduleBackup } from '#lib/operations/commands/schedule-backup'
import type { TenantContext } from '#lib/platform/context'
import { closeDatabase, database } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { log } from '#lib/platform/log'
import { pruneByRules } from '#lib/promotions/commands/prune-releases'
import { promotionJobs } from '#lib/promotions/jobs'
import { forgetHistory } from '#lib/readiness/commands/forget-history'
import { startProber } from '#lib/readiness/commands/start-prober'
import { sweepUploads } from '#lib/registry/commands/sweep-uploads'
import { pruneImages } from '#lib/rollouts/commands/prune-images'
import { LeaseWatch, resumeRollouts } from '#lib/rollouts/commands/resume-rollouts'
import { rolloutJobs } from '#lib/rollouts/jobs'
import { recordRuntimeFacts } from '#lib/runtime/commands/record-runtime-facts'
import { pruneUnpackedImages } from '#lib/runtime/drivers'
import { workerContext } from '#lib/tenants/queries/worker-context'

const heartbeatMs = 2000
/** A rollout holds its place for as long as it runs; the others must not wait for it. */
const concurrency = 16
const runtimeEveryMs = 1000
const resumeEveryMs = 5000
const forgetEveryMs = 60_000
const pruneImagesEveryMs = 3_600_000
const backupsEveryMs = 5000
const dispatchEveryMs = 1000
const sweepUploadsEveryMs = 3_600_000
const forgetDeliveriesEveryMs = 3_600_000
const pruneReleasesEveryMs = 3_600_000
const workerId = newId()
/** The queue speaks through our log, and only of what went wrong. */
const quiet = new Logger(() => (level, message) => {
  const name: string = level
  if (name === 'error' || name === 'warning') log.warn({ queue: name }, message)
})

async function main(): Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const leases = new LeaseWatch()
  // Before anybody may ask for something to run.
  await recordRuntimeFacts()
  const runner = await run({
    pgPool: database().pool,
    concurrency,
    pollInterval: 1000,
    noHandleSignals: true,
    parsedCronItems: [],
    logger: quiet,
    taskList: { ...tasksOf(promotionJobs), ...tasksOf(rolloutJobs(rolloutParts(signal))) },
  })
  const loops = [
    startSequencer({ signal }),
    startSweeper({ signal }),
    startProber({ parts: readinessParts(signal), isLeader: () => isLeaderOf('prober', workerId) }),
    // At once, for what an earlier worker left behind; then for what another one loses.
    periodically('resuming rollouts', resumeEveryMs, signal, async () => (await isLeaderOf('resume', workerId)) && resumeRollouts(leases)),
    periodically('forgetting', forgetEveryMs, signal, async () => {
      if (await isLeaderOf('forget', workerId)) await Promise.all([forgetEvents(), forgetHistory(), forgetWorkers()])
    }),
    periodically('looking at the runtime', runtimeEveryMs, signal, recordRuntimeFacts),
    periodically('pruning unpacked images', pruneImagesEveryMs, signal, () => pruneImages(pruneUnpackedImages)),
    // Every worker: rows are claimed, so that two never send the same at once.
    periodically('sending events', dispatchEveryMs, signal, async () => {
      while (!signal.aborted && (await dispatch({ workerId })) > 0);
    }),
    periodically('forgetting deliveries', forgetDeliveriesEveryMs, signal, async () => {
      if (await isLeaderOf('deliveries', workerId)) await forgetDeliveries()
    }),
    periodically('making backups', backupsEveryMs, signal, async () => {
      if (!(await isLeaderOf('backup', workerId))) return
      await scheduleBackup()
      if (await runRequestedBackup()) await letGoOldBackups()
    }),
    periodically('sweeping abandoned uploads', sweepUploadsEveryMs, signal, async () => (await isLeaderOf('uploads', workerId)) && sweepUploads()),
    periodically('pruning releases', pruneReleasesEveryMs, signal, async () => (await isLeaderOf('retention', workerId)) && pruneByRules()),
  ]
  await beat()
  const heartbeat = setInterval(() => void beat().catch(() => {}), heartbeatMs)
  process.send?.({ ready: true })

  let isStopping = false
  const stop = async (): Promise<void> => {
    if (isStopping) return
    isStopping = true
    clearInterval(heartbeat)
    // Rollouts leave their step where it is and give their lease back; then the queue has nothing left to wait for.
    stopping.abort()
    await Promise.all([runner.stop(), ...loops])
    await resign(workerId).catch(() => {})
    await closeDatabase()
    process.exit(0)
  }
  process.once('SIGTERM', () => void stop())
  process.once('SIGINT', () => void stop())
  endWithParent()
}

/** Each job is one call of its room, as the system inside the tenant that its payload names. */
function tasksOf<P extends { tenantId: string }>(jobs: Record<string, (ctx: TenantContext, payload: P) => Promise<unknown>>): TaskList {
  return Object.fromEntries(
    Object.entries(jobs).map(([name, job]) => [
      name,
      async (payload: unknown) => {
        await job(await workerContext(payload as P), payload as P)
      },
    ]),
  )
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
