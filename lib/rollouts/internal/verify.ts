import { Refusal } from '#lib/platform/refusal'
import { isDone, judgeProbes, newHistory, remember, type ProbeResult, type ReadinessProbe } from '#lib/readiness/readiness'
import type { Work } from '#lib/rollouts/internal/run'
import { tryTask } from '#lib/rollouts/internal/try-task'
import type { VerificationCheck } from '#lib/rollouts/verification'
import { describeWhere, runsOnly } from '#lib/rollouts/where'
import type { ObservedReplica } from '#lib/runtime/driver'

const defaultGatewayPatienceMs = 10_000

/** What verification asked, and the replicas that it asked. */
export interface Verified {
  checks: VerificationCheck[]
  observed: ObservedReplica[]
}

/** The suites after `applied`. Throws only where Caisson or the runtime broke; what the software does is an outcome. */
export async function verify(work: Work): Promise<Verified> {
  const { driver, desired } = work
  const observed = await driver.observe(desired.target)
  const status = statusOf(work, observed)
  const auto = await autoOf(work, observed)
  const durable = await durableOf(work, observed, auto)
  return { checks: [status, auto, durable], observed }
}

/** Of each component that declares a task, one replica is given one. */
async function durableOf({ run, desired }: Work, observed: readonly ObservedReplica[], auto: VerificationCheck): Promise<VerificationCheck> {
  const tries = desired.components.flatMap(({ name, replicas, spec }) => (spec.task && replicas > 0 ? [{ name, task: spec.task }] : []))
  if (tries.length === 0) return { suite: 'durable', outcome: 'not_applicable', detail: 'No component declares a background task to try.' }
  if (auto.outcome !== 'passed')
    return { suite: 'durable', outcome: 'not_applicable', detail: 'Not tried, because what it would be given to is not ready.' }
  const tried = await Promise.all(
    tries.map(async ({ name, task }) => {
      const replica = observed.find((one) => one.component === name && one.state === 'running' && one.address !== '')
      if (!replica) return { hasPassed: false, words: `${name}: no replica was there to give its background task to.` }
      const { hasPassed, words } = await tryTask(run, replica.address, task)
      return { hasPassed, words: `${name}: its background task ${words}` }
    }),
  )
  const hasPassed = tried.every((one) => one.hasPassed)
  return { suite: 'durable', outcome: hasPassed ? 'passed' : 'failed', detail: tried.map(({ words }) => words).join(' ') }
}

function statusOf({ desired }: Work, observed: readonly ObservedReplica[]): VerificationCheck {
  const isRight = runsOnly(desired, observed, true)
  return {
    suite: 'status',
    outcome: isRight ? 'passed' : 'failed',
    detail: `${isRight ? 'Every replica has the promised digest and configuration.' : 'Not what was promised.'} ${describeWhere(observed)}`,
  }
}

async function autoOf(work: Work, observed: readonly ObservedReplica[]): Promise<VerificationCheck> {
  const { desired } = work
  const wanted = desired.components.filter(({ replicas }) => replicas > 0)
  if (wanted.length === 0) return { suite: 'auto', outcome: 'not_applicable', detail: 'Nothing is promised to run.' }
  const asked = observed.flatMap((one) => {
    const probe = wanted.find(({ name }) => name === one.component)?.spec.readiness
    return probe && !isDone(one) ? [{ ...one, probe }] : []
  })
  const results = await Promise.all(asked.map(async (one) => ({ ...one, result: await askPatiently(work, one.address, one.probe) })))
  const bad = results.filter(({ result }) => !result.isReady)
  if (results.length === 0 && observed.some(isDone)) return { suite: 'auto', outcome: 'passed', detail: 'Everything did its work and ended.' }
  if (results.length === 0) return { suite: 'auto', outcome: 'failed', detail: 'No replica was there to ask.' }
  if (bad.length > 0) {
    const words = bad.map(({ replicaId, result }) => `${replicaId} (${result.isReady ? '' : result.reason})`).join(', ')
    return { suite: 'auto', outcome: 'failed', detail: `Not ready: ${words}.` }
  }
  return throughGateway(work, `Ready: ${results.map(({ replicaId }) => replicaId).join(', ')}.`)
}

/** As many times as the probe may fail. */
async function askPatiently({ run }: Work, address: string, probe: ReadinessProbe): Promise<ProbeResult> {
  let history = newHistory(Number.NEGATIVE_INFINITY)
  for (;;) {
    run.check()
    const result = await run.parts.probe(address, probe, run.signal)
    if (result.isReady) return result
    history = remember(history, probe, result, performance.now())
    if (judgeProbes(history, probe).state === 'not_ready') return result
    await run.sleep(probe.intervalMs)
  }
}

/** The stable address answers as well. A gateway that is not there is our fault, one that answers wrongly the software's. */
async function throughGateway(work: Work, so: string): Promise<VerificationCheck> {
  const { run, desired } = work
  const { gateway } = run.parts
  const probe = desired.components.find(({ spec }) => spec.runs !== 'once')?.spec.readiness
  if (!gateway || !probe) return { suite: 'auto', outcome: 'passed', detail: so }
  const port = await run.write((tx) => gateway.assignPort(tx, run.ctx, desired.target))
  const end = performance.now() + (run.parts.gatewayPatienceMs ?? defaultGatewayPatienceMs)
  for (;;) {
    run.check()
    const result = await run.parts.probe(`${gateway.host}:${port}`, probe, run.signal)
    if (result.isReady) return { suite: 'auto', outcome: 'passed', detail: `${so} Its address on port ${port} answers.` }
    if (performance.now() >= end) {
      if (result.reason === 'connection_refused') {
        throw new Refusal('runtime_unavailable', `The gateway does not listen on port ${port}.`, { fix: 'Look at the gateway service.' })
      }
      return { suite: 'auto', outcome: 'failed', detail: `${so} But its address on port ${port} says ${result.reason}.` }
    }
    await run.sleep(200)
  }
}
