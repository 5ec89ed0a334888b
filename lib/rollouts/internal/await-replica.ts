import { Refusal } from '#lib/platform/refusal'
import { isDone, judgeProbes, newHistory, remember } from '#lib/readiness/readiness'
import { RolloutFailure } from '#lib/rollouts/attempts'
import type { Work } from '#lib/rollouts/internal/run'
import type { DesiredComponent, ObservedReplica } from '#lib/runtime/driver'

/**
 * Watches a replica that was started until its probe says that it is ready. It fails when it exits, or when `retries`
 * probes in a row failed after its start period; the same rules as afterwards.
 */
export async function awaitReady({ run, driver, desired }: Work, component: DesiredComponent, replicaId: string): Promise<ObservedReplica> {
  const probe = component.spec.readiness
  const readLog = `Read its log: caisson logs ${desired.target.application} ${desired.target.environment} ${replicaId}.`
  const startedAt = performance.now()
  let history = newHistory(startedAt)
  for (;;) {
    run.check()
    const seen = (await driver.observe(desired.target)).find((one) => one.replicaId === replicaId)
    if (seen?.reason === 'crash_loop')
      throw new RolloutFailure('crash_loop', `Replica ${replicaId} of ${component.name} ends again and again. ${readLog}`)
    if (seen && isDone(seen)) return seen
    if (seen?.state === 'exited') {
      throw new RolloutFailure(
        'replica_exited',
        `Replica ${replicaId} of ${component.name} ended${seen.reason ? ` (${seen.reason})` : ''} before it was ready. ${readLog}`,
      )
    }
    // What ends by itself is not asked: it has the same time for its work as others for getting ready.
    const asks = seen?.address && component.spec.runs !== 'once'
    const result = asks ? await run.parts.probe(seen.address, probe, run.signal) : ({ isReady: false, reason: 'no_address' } as const)
    run.check()
    if (seen && result.isReady) return seen
    history = remember(history, probe, result, performance.now())
    if (judgeProbes(history, probe).state === 'not_ready') {
      const seconds = Math.round((performance.now() - startedAt) / 1000)
      throw new RolloutFailure(
        'replica_not_ready',
        `Replica ${replicaId} of ${component.name} ${component.spec.runs === 'once' ? 'did not end' : 'was not ready'} within ${seconds} s (${history.lastFailure}). ${readLog} Or give it a longer start period.`,
      )
    }
    await run.sleep(probe.intervalMs)
  }
}

/** Until a replica that was told to stop is gone; `runtime_unavailable` when it runs on long after its time. */
export async function awaitGone({ run, driver, desired }: Work, replicaId: string, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs + 10_000
  for (;;) {
    const seen = (await driver.observe(desired.target)).find((one) => one.replicaId === replicaId)
    if (!seen || seen.state === 'exited') return
    if (performance.now() > end)
      throw new Refusal('runtime_unavailable', `Replica ${replicaId} still runs although it was told to stop.`, {
        fix: 'End its process on the machine.',
      })
    await run.sleep(100)
  }
}
