// C1–C2: from the POST of a promotion over HTTP to the `apply` of its driver: identification, gates, audit entry, queue and the
// phases of the rollout lie between. The driver is the scripted one that passes the contract of all drivers. Peer: a job of
// graphile-worker with nothing to do, from `addJob` to its handler, on the same server and in the same worker.
import { Logger, run, type Runner } from 'graphile-worker'
import { setTimeout as sleep } from 'node:timers/promises'
import { figureOf, interleave, percentile, type Figure } from '#bench/measure'
import type { Bench } from '#bench/run'
import { openStage, startChild, startHttp } from '#bench/stage'
import { createToken } from '#lib/access/commands/create-token'
import { database } from '#lib/platform/database'
import { rolloutJobs, type RolloutJob } from '#lib/rollouts/jobs'
import type { RuntimeStep } from '#lib/runtime/driver'
import { actAs, asPlatform, makeApplication, makeTenant } from '#lib/testing/factories'
import { workerContext } from '#lib/tenants/queries/worker-context'
import { makeRelease } from '#lib/testing/releases'
import { scriptedSpec } from '#lib/testing/rollouts'
import { ScriptedRuntime } from '#lib/testing/scripted-runtime'

const rounds = 3
const perSecond = 20
const paced = 100
const burst = 500
const tenants = 25
const patienceMs = 120_000

export const promotionBench: Bench = {
  ids: ['C1', 'C2'],
  async *run(wanted) {
    await using _stage = await openStage()
    await using http = await startHttp()
    await using _sequencer = startChild('bench/sequencer-child.ts')
    await using worker = await startWorker()
    const targets = await furnish(http.url, wanted.includes('C2') ? burst : (rounds + 1) * paced)
    try {
      if (wanted.includes('C1')) yield* await paces(targets, worker)
      if (wanted.includes('C2')) yield await bursts(targets, worker)
    } catch (error) {
      throw new Error(`the server wrote: ${http.lastWords()}`, { cause: error })
    }
  },
}

async function paces(targets: readonly Target[], worker: Worker): Promise<Figure[]> {
  const slowest: number[] = []
  const found = await interleave(rounds, {
    ours: async (round) => {
      const waited = await atPace(targets.slice(round * paced, (round + 1) * paced), (target, due) => promoted(target, 'v1.0.0', worker, due))
      if (round > 0) slowest.push(percentile(waited, 0.99))
      return percentile(waited, 0.5)
    },
    peer: async () => percentile(await atPace(targets.slice(0, paced), (_target, due) => worker.emptyJob(due)), 0.5),
  })
  const what = `POST to apply at ${perSecond} promotions a second`
  return [
    figureOf({
      id: 'C1',
      what: `${what}, p50`,
      unit: 'ms',
      ours: found.ours,
      peer: { name: 'graphile-worker, empty job', values: found.peer },
      goal: { of: 'ratio', bound: 'at most', floor: 10, target: 5 },
    }),
    figureOf({ id: 'C1', what: `${what}, p99`, unit: 'ms', ours: slowest, goal: { of: 'ours', bound: 'at most', floor: 150, target: 60 } }),
  ]
}

async function bursts(targets: readonly Target[], worker: Worker): Promise<Figure> {
  const atOnce = async (one: (target: Target, startedAt: number) => Promise<number>) => {
    const startedAt = performance.now()
    return Math.max(...(await Promise.all(targets.slice(0, burst).map((target) => one(target, startedAt)))))
  }
  const found = await interleave(rounds, {
    ours: async (round) => {
      const last = await atOnce((target, startedAt) => promoted(target, `v1.${round + 1}.0`, worker, startedAt))
      await worker.untilIdle()
      return last
    },
    peer: () => atOnce((_target, startedAt) => worker.emptyJob(startedAt)),
  })
  return figureOf({
    id: 'C2',
    what: `${burst} promotions posted at once, to the last apply`,
    unit: 'ms',
    ours: found.ours,
    peer: { name: 'graphile-worker, empty jobs', values: found.peer },
    goal: { of: 'ours', bound: 'at most', floor: 3000, target: 1500 },
  })
}

/** Open loop: each is due at its time, and what it waited counts from there, however late it began. */
async function atPace(targets: readonly Target[], one: (target: Target, due: number) => Promise<number>): Promise<number[]> {
  const startedAt = performance.now()
  return Promise.all(
    targets.map(async (target, index) => {
      const due = startedAt + (index * 1000) / perSecond
      await sleep(Math.max(0, due - performance.now()))
      return one(target, due)
    }),
  )
}

interface Target {
  url: string
  token: string
  tenantId: string
  applicationId: string
  application: string
}

/** Milliseconds from `since` until the driver was told to start the release. */
async function promoted(target: Target, release: string, worker: Worker, since: number): Promise<number> {
  const post = async () => {
    // One that is told to come again does; where it was done all the same, it stands in its own way now.
    for (let isAgain = false; ; isAgain = true) {
      const answer = await fetch(target.url, {
        method: 'POST',
        headers: { authorization: `Bearer ${target.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ application: target.application, environment: 'dev', release }),
      })
      const text = await answer.text()
      if (answer.status === 201 || (isAgain && answer.status === 409)) return
      if (answer.status !== 503) throw new Error(`C: ${answer.status} ${text}`)
      await sleep(100)
    }
  }
  const [at] = await Promise.all([worker.nextApply(target.applicationId), post()])
  return at - since
}

/** Applications with a release for each round. */
async function furnish(url: string, count: number): Promise<Target[]> {
  const targets: Target[] = []
  for (let index = 0; index < tenants; index += 1) {
    const tenant = await makeTenant()
    const manager = await actAs(tenant, 'release_manager', 'tenant_admin')
    const { secret: token } = await createToken(manager, { name: 'bench', verbs: ['promotion.request'] })
    await Promise.all(
      Array.from({ length: Math.ceil(count / tenants) }, async () => {
        const application = await makeApplication(tenant)
        for (let round = 0; round <= rounds + 1; round += 1) await makeRelease(tenant, application, `v1.${round}.0`, { spec: scriptedSpec })
        const address = `${url}/api/v1/tenants/${tenant.slug}/promotions`
        targets.push({ url: address, token, tenantId: tenant.id, applicationId: application.id, application: application.slug })
      }),
    )
  }
  return targets
}

/** Says when it was told what, before it does it. */
class RecordingRuntime extends ScriptedRuntime {
  onStart: (applicationId: string) => void = () => {}

  override async apply(step: RuntimeStep, options: { fencingToken: bigint; signal: AbortSignal }): Promise<void> {
    if (step.act === 'start') this.onStart(step.target.applicationId)
    await super.apply(step, options)
  }
}

interface Worker extends AsyncDisposable {
  nextApply(applicationId: string): Promise<number>
  emptyJob(since: number): Promise<number>
  untilIdle(): Promise<void>
}

/** The queue as the worker runs it (bin/worker.ts), with this driver and one empty task. */
async function startWorker(): Promise<Worker> {
  const stopping = new AbortController()
  const runtime = new RecordingRuntime()
  const waiting = new Map<string, (at: number) => void>()
  const settle = (key: string) => {
    waiting.get(key)?.(performance.now())
    waiting.delete(key)
  }
  const next = (key: string) =>
    new Promise<number>((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`C: nothing came for ${key} within ${patienceMs} ms`)), patienceMs)
      waiting.set(key, (at) => {
        clearTimeout(timer)
        done(at)
      })
    })
  runtime.onStart = settle
  const jobs = rolloutJobs({ driverFor: () => runtime, probe: runtime.probe, signal: stopping.signal, drainMs: 0 })
  const runner: Runner = await run({
    pgPool: database().pool,
    concurrency: 16,
    pollInterval: 1000,
    noHandleSignals: true,
    parsedCronItems: [],
    logger: new Logger(() => () => {}),
    taskList: {
      'run-rollout': async (payload) => {
        const job = payload as RolloutJob
        await jobs['run-rollout'](await workerContext(job), job)
      },
      'bench-nothing': async (payload) => settle((payload as { key: string }).key),
    },
  })
  let count = 0
  return {
    nextApply: next,
    async emptyJob(since) {
      count += 1
      const key = `job ${count}`
      const handled = next(key)
      await runner.addJob('bench-nothing', { key })
      return (await handled) - since
    },
    async untilIdle() {
      while ((await asPlatform((tx) => tx.rollout.count({ where: { settledAt: null } }))) > 0) await sleep(100)
    },
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await runner.stop()
    },
  }
}
