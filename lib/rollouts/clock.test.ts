// the clock of the machine, or of the database, is set forwards or back by an hour while a rollout runs.
import { Client } from 'pg'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { database } from '#lib/platform/database'
import { LeaseWatch, resumeRollouts } from '#lib/rollouts/commands/resume-rollouts'
import { useTestDatabase } from '#lib/testing/database'
import { eventually } from '#lib/testing/eventually'
import { asPlatform } from '#lib/testing/factories'
import { makeRelease } from '#lib/testing/releases'
import { makeRolloutStage, scriptedSpec } from '#lib/testing/rollouts'

const test = useTestDatabase()
const hourMs = 3_600_000
afterEach(() => void vi.useRealTimers())

/** As Date.now() has it from here on; nothing else of time is touched. */
function setClock(byMs: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs, shouldAdvanceTime: true })
}

/** To a rollout, the database's clock that is set forwards is its own times that are older by as much. */
async function setDatabaseClock(rolloutId: string, byHours: number): Promise<void> {
  await asPlatform(
    (
      tx,
    ) => tx.$executeRaw`update rollout set lease_until = lease_until - ${byHours} * interval '1 hour', resume_at = resume_at - ${byHours} * interval '1 hour'
      where id = ${rolloutId}`,
  )
}

/** A rollout whose first replica is asked again and again, until the test lets it be ready. */
async function waiting(startPeriodMs: number) {
  const stage = await makeRolloutStage({ replicas: 1 })
  const readiness = { ...scriptedSpec.readiness, intervalMs: 100, retries: 2, startPeriodMs }
  await makeRelease(stage.tenant, stage.application, 'v2.0.0', { spec: { ...scriptedSpec, readiness } })
  const { rolloutId, promotionId } = await stage.ask('v2.0.0')
  const asked = { count: 0, isReady: false }
  const probe = async () => {
    asked.count += 1
    await new Promise((done) => setTimeout(done, 2))
    return asked.isReady ? ({ isReady: true } as const) : ({ isReady: false, reason: 'http_503' } as const)
  }
  return { ...stage, rolloutId, promotionId, asked, probe, isAsked: (times: number) => eventually('it is asked', () => asked.count >= times) }
}

describe('R-15: a clock that is set by an hour', () => {
  it('forwards, ends no start period early', async () => {
    const stage = await waiting(hourMs / 2)
    const run = stage.run(stage.rolloutId, { probe: stage.probe })
    await stage.isAsked(3)
    setClock(hourMs)
    const before = stage.asked.count
    await stage.isAsked(before + 20)
    stage.asked.isReady = true
    expect(await run).toBe('settled')
    expect(await stage.promotionOf(stage.promotionId)).toMatchObject({ state: 'completed' })
  })

  it('back, lets no rollout wait for an hour for what is never ready', async () => {
    const stage = await waiting(0)
    const run = stage.run(stage.rolloutId, {
      probe: async () => {
        if (stage.asked.count === 0) setClock(-hourMs)
        return stage.probe()
      },
    })
    expect(await run).toBe('settled')
    expect(await stage.rolloutOf(stage.rolloutId)).toMatchObject({ reason: 'replica_not_ready', attempts: 1 })
  })

  it('in the database, in either direction, takes no lease from a runner that lives', async () => {
    const stage = await waiting(hourMs)
    const leaseMs = 3000
    const run = stage.run(stage.rolloutId, { probe: stage.probe, leaseMs })
    await stage.isAsked(2)
    const watch = new LeaseWatch(leaseMs)
    for (const hours of [1, -1]) {
      await setDatabaseClock(stage.rolloutId, hours)
      for (const end = performance.now() + 1.5 * leaseMs; performance.now() < end;) {
        expect(await resumeRollouts(watch)).toBe(0)
        expect(await stage.run(stage.rolloutId)).toBe('not_claimed')
        await new Promise((done) => setTimeout(done, 100))
      }
    }
    stage.asked.isReady = true
    expect(await run).toBe('settled')
    expect(await stage.rolloutOf(stage.rolloutId)).toMatchObject({ attempts: 1, fencingToken: 1n, phase: 'applied' })
    expect(stage.runtime.effects).toHaveLength(1)
  })

  it('back, keeps no rollout from being taken up whose runner is gone, and no runner from its next attempt', async () => {
    const stage = await makeRolloutStage({ replicas: 1 })
    const { rolloutId } = await stage.ask('v1.0.0')
    const leaseMs = 5000
    stage.runtime.before = (method) => (method === 'apply start' ? new Promise(() => {}) : Promise.resolve())
    void stage.run(rolloutId, { leaseMs })
    await eventually('it is at its effect', async () => (await stage.rolloutOf(rolloutId)).steps.some(({ state }) => state === 'running'))
    // Its heartbeat finds nothing that it could renew: the process is gone.
    await asPlatform((tx) => tx.$executeRaw`update rollout set lease_owner = 'gone' where id = ${rolloutId}`)
    await setDatabaseClock(rolloutId, -1)
    stage.runtime.before = async () => {}
    const watch = new LeaseWatch(leaseMs)
    await eventually('it is seen to be silent', async () => (await resumeRollouts(watch)) === 1)
    const jobs = await database().pool.query<{ payload: { silent: string } }>('select payload from graphile_worker._private_jobs where key = $1', [
      `rollout:${rolloutId}`,
    ])
    expect(await stage.run(rolloutId)).toBe('not_claimed')
    expect(await stage.run(rolloutId, { silent: jobs.rows[0]?.payload.silent })).toBe('settled')
    expect(await stage.rolloutOf(rolloutId)).toMatchObject({ attempts: 2, phase: 'applied' })
    expect(stage.runtime.effects).toHaveLength(1)
  })
})

describe('R-07: a runner whose database says nothing', () => {
  it('stops when its lease would have run out, without an answer', async () => {
    const stage = await waiting(hourMs)
    const run = stage.run(stage.rolloutId, { probe: stage.probe, leaseMs: 5000 })
    await stage.isAsked(2)
    const other = new Client({ connectionString: test.ownerUrl })
    await other.connect()
    try {
      await other.query('begin')
      await other.query('select id from rollout where id = $1 for update', [stage.rolloutId])
      expect(await run).toBe('lost')
      const { count } = stage.asked
      await new Promise((done) => setTimeout(done, 100))
      expect(stage.asked.count).toBe(count)
    } finally {
      await other.query('rollback')
      await other.end()
    }
  })
})
