import { describe, expect, it } from 'vitest'
import { cancelPromotion } from '#lib/promotions/commands/cancel-promotion'
import { createContext, systemActor, type TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { useTestDatabase } from '#lib/testing/database'
import { claimLease, LeaseLost, passInto, renewLease } from '#lib/rollouts/internal/lease'
import { getRollout } from '#lib/rollouts/queries/get-rollout'
import { actAs, asPlatform, makeTenant } from '#lib/testing/factories'
import { makeRolloutStage, type RolloutStage } from '#lib/testing/rollouts'
import { Refusal } from '#lib/platform/refusal'
import { ScriptedRuntime } from '#lib/testing/scripted-runtime'
import { Client } from 'pg'

const test = useTestDatabase()

const digestsOf = ({ runtime }: RolloutStage) => [...runtime.replicas.values()].map(({ digest }) => digest)

async function entriesOf(promotionId: string): Promise<string[]> {
  const rows = await asPlatform((tx) => tx.auditEntry.findMany({ where: { subject: `promotion:${promotionId}` }, select: { action: true } }))
  return rows.map(({ action }) => action).sort()
}

const fullLog = ['deployment.promised', 'promotion.claimed', 'promotion.completed', 'promotion.requested']

/** The first release in dev. */
async function deployed(options: Parameters<typeof makeRolloutStage>[0] = {}) {
  const stage = await makeRolloutStage(options)
  const first = await stage.ask('v1.0.0')
  await stage.settle(first.rolloutId)
  expect((await stage.promotionOf(first.promotionId)).state).toBe('completed')
  return { ...stage, first }
}

describe('a rollout', () => {
  it('S4.32: walks its phases to a completed promotion, one replica after the other, and never with fewer than promised', async () => {
    const stage = await deployed()
    expect(stage.runtime.effects.map(({ act }) => act)).toEqual(['start', 'start', 'start'])
    const next = await stage.ask('v1.1.0')
    await stage.settle(next.rolloutId)
    const rollout = await stage.rolloutOf(next.rolloutId)
    expect(rollout).toMatchObject({ phase: 'applied', verification: 'passed', attempts: 1, leaseOwner: null, reason: '', message: '' })
    expect(Object.keys(JSON.parse(rollout.phaseTimes) as object)).toEqual(['downloading', 'downloaded', 'verified', 'applying', 'applied'])
    expect((JSON.parse(rollout.checks) as { suite: string; outcome: string }[]).map(({ suite, outcome }) => `${suite} ${outcome}`)).toEqual([
      'status passed',
      'auto passed',
      'durable not_applicable',
    ])
    expect(rollout.steps.map(({ act, state }) => `${act} ${state}`)).toEqual(Array.from({ length: 3 }, () => ['start done', 'stop done']).flat())
    expect(rollout.steps.every(({ intentAt, effectAt, observedAt }) => intentAt && effectAt && observedAt)).toBe(true)
    expect(stage.runtime.effects.slice(3).every(({ readyAfter }) => readyAfter >= 3 && readyAfter <= 4)).toBe(true)
    expect(digestsOf(stage)).toEqual(Array.from({ length: 3 }, () => stage.releases[1].digest))
    expect(await stage.deployment()).toMatchObject({ releaseId: stage.releases[1].id, replicas: 3, isMixed: false, promotionId: next.promotionId })
    expect((await stage.replicas()).map(({ state, digest }) => ({ state, digest }))).toEqual(
      Array.from({ length: 3 }, () => ({ state: 'ready', digest: stage.releases[1].digest })),
    )
    expect(await entriesOf(next.promotionId)).toEqual(fullLog)
    expect(await stage.run(next.rolloutId)).toBe('not_claimed')
    const view = await getRollout(stage.manager, { promotion: next.promotionId })
    expect(view.phases.map(({ name, state }) => `${name} ${state}`)).toEqual(
      ['created', 'downloading', 'downloaded', 'verified', 'applying', 'applied'].map((name) => `${name} done`),
    )
    expect(view.phases.every(({ at }) => at !== null)).toBe(true)
    expect(view.clock.elapsedMs).toBeGreaterThan(0)
    await expect(getRollout(await actAs(await makeTenant(), 'tenant_admin'), { promotion: next.promotionId })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  it('restarts, scales, stops and starts by the same transaction', async () => {
    const stage = await deployed({ replicas: 2 })
    const before = [...stage.runtime.replicas.keys()]
    const operate = async (kind: string, more: Record<string, unknown> = {}) => {
      const asked = await stage.ask('v1.0.0', { kind, release: undefined, ...more })
      await stage.settle(asked.rolloutId)
      expect(await stage.promotionOf(asked.promotionId)).toMatchObject({ state: 'completed', outcome: '' })
      return stage.rolloutOf(asked.rolloutId)
    }
    await operate('restart')
    expect([...stage.runtime.replicas.keys()].some((id) => before.includes(id))).toBe(false)
    const kept = [...stage.runtime.replicas.keys()]
    await operate('scale', { replicas: 3 })
    expect([...stage.runtime.replicas.keys()].slice(0, 2)).toEqual(kept)
    expect(stage.runtime.replicas.size).toBe(3)
    const stop = await operate('stop')
    expect(stage.runtime.replicas.size).toBe(0)
    expect(stop.verification).toBe('passed')
    expect(await stage.deployment()).toMatchObject({ isStopped: true })
    expect(await stage.replicas()).toEqual([])
    await operate('start')
    expect(stage.runtime.replicas.size).toBeGreaterThan(0)
    expect(await stage.deployment()).toMatchObject({ isStopped: false })
  })
})

describe('a rollout behind a gateway', () => {
  const gatewayOf = (notified: string[][], answer: { isReady: boolean; reason?: string }, stage: RolloutStage) => ({
    gateway: {
      host: '127.0.0.1',
      assignPort: async () => 4999,
      notifyRoutes: async (tx: Tx) => {
        const rows = await tx.replica.findMany({ orderBy: { id: 'asc' } })
        notified.push(rows.filter(({ state }) => state === 'ready').map(({ id }) => id))
      },
    },
    probe: async (address: string) =>
      address === '127.0.0.1:4999'
        ? answer.isReady
          ? ({ isReady: true } as const)
          : ({ isReady: false, reason: answer.reason ?? '' } as const)
        : stage.runtime.probe(address),
  })

  it('S4.21: tells it before a replica leaves and after one is ready, and is verified through its address', async () => {
    const stage = await deployed({ replicas: 2 })
    const notified: string[][] = []
    const gone: string[] = []
    stage.runtime.before = async (method) => {
      // When the target is told to stop one, the gateway was told already to leave it out.
      if (method === 'apply stop') gone.push(...[...stage.runtime.replicas.keys()].filter((id) => !notified.at(-1)?.includes(id)))
    }
    const next = await stage.ask('v1.1.0')
    await stage.settle(next.rolloutId, gatewayOf(notified, { isReady: true }, stage))
    const rollout = await stage.rolloutOf(next.rolloutId)
    expect(gone).toEqual(stage.runtime.idsOf('stop'))
    expect(notified.every((ready) => ready.length >= 2)).toBe(true)
    expect(rollout.checks).toContain('port 4999 answers')
  })

  it('is errored when the gateway is not there, and failed when what answers there is wrong', async () => {
    const stage = await deployed({ replicas: 1 })
    const next = await stage.ask('v1.1.0')
    await stage.settle(next.rolloutId, { ...gatewayOf([], { isReady: false, reason: 'connection_refused' }, stage), gatewayPatienceMs: 0 })
    expect(await stage.promotionOf(next.promotionId)).toMatchObject({
      state: 'errored',
      outcome: expect.stringContaining('Given up after 3 attempts'),
    })
    expect(await stage.rolloutOf(next.rolloutId)).toMatchObject({ phase: 'applied', verification: 'failed', reason: 'runtime_unavailable' })
    const again = await stage.ask('v1.0.0')
    await stage.settle(again.rolloutId, { ...gatewayOf([], { isReady: false, reason: 'http_502' }, stage), gatewayPatienceMs: 0 })
    expect(await stage.promotionOf(again.promotionId)).toMatchObject({ state: 'failed', outcome: expect.stringContaining('http_502') })
  })
})

/** A runner whose process dies at its nth interaction with database or runtime: nothing of it ever happens again. */
function mortal(stage: RolloutStage, dieAt: number) {
  let count = 0
  let isDead = false
  const died = Promise.withResolvers<void>()
  const gate = async (): Promise<void> => {
    if (!isDead) count += 1
    if (count >= dieAt) {
      isDead = true
      died.resolve()
    }
    if (isDead) await new Promise(() => {})
  }
  const write: TenantContext['write'] = async (work) => {
    await gate()
    const result = await stage.system.write(work)
    await gate()
    return result
  }
  const once: TenantContext['once'] = async (text, values) => {
    await gate()
    const rows = await stage.system.once(text, values)
    await gate()
    return rows as never
  }
  const ctx: TenantContext = { ...stage.system, write, once }
  const driver = new Proxy(stage.runtime, {
    get(target, property: string) {
      const method = Reflect.get(target, property) as unknown
      if (typeof method !== 'function') return method
      const bound = method.bind(target) as (...parameters: unknown[]) => Promise<unknown>
      if (property !== 'apply' && property !== 'prepare') return bound
      return async (...parameters: unknown[]) => {
        await gate()
        const result = await bound(...parameters)
        await gate()
        return result
      }
    },
  })
  return { ctx, driver, died: died.promise, interactions: () => count }
}

/** So long that it is only ever lost when a test takes it: no heartbeat disturbs the count of interactions. */
const leaseMs = 600_000

describe('a rollout of another tenant', () => {
  it('is nobody’s who names it: its statements name the tenant themselves', async () => {
    const stage = await makeRolloutStage()
    const { rolloutId, promotionId } = await stage.ask('v1.0.0')
    const elsewhere = createContext({ tenant: await makeTenant(), actor: systemActor('worker') })
    expect(await stage.run(rolloutId, {}, elsewhere)).toBe('not_claimed')
    const claimed = await claimLease(stage.system, rolloutId, 'runner', leaseMs)
    if (!claimed) throw new Error('it was not claimed')
    const before = await stage.rolloutOf(rolloutId)
    expect(await renewLease(elsewhere, claimed, 2 * leaseMs)).toBe(false)
    await expect(passInto(elsewhere, claimed, 'created', 'downloading')).rejects.toThrow(LeaseLost)
    expect(await stage.rolloutOf(rolloutId)).toEqual(before)
    expect(await elsewhere.once('select id from rollout where tenant_id = $1 and promotion_id = $2', [promotionId])).toEqual([])
    expect(await passInto(stage.system, claimed, 'created', 'downloading')).toBe(false)
    await expect(passInto(stage.system, claimed, 'created', 'downloading')).rejects.toThrow(LeaseLost)
  })
})

describe('a rollout whose worker is killed', () => {
  it('S4.31 S4.33 D6: at any instant, finds its row written, is settled by another, with one effect per replica and no entry lost', async () => {
    const counting = await deployed({ replicas: 2 })
    const whole = mortal(counting, Number.POSITIVE_INFINITY)
    const probe = await counting.ask('v1.1.0')
    await counting.run(probe.rolloutId, { driverFor: () => whole.driver }, whole.ctx)
    const total = whole.interactions()
    expect(total).toBeGreaterThan(40)
    const stages = new Set<string>()
    const instants = Array.from({ length: total }, (_, n) => n + 1).filter((n) => n % 2 === 1 || n > total - 3)
    for (const dieAt of instants) {
      const stage = await deployed({ replicas: 2 })
      const effectsBefore = stage.runtime.effects.length
      const next = await stage.ask('v1.1.0')
      const first = mortal(stage, dieAt)
      void stage.run(next.rolloutId, { driverFor: () => first.driver, leaseMs }, first.ctx)
      await first.died
      stages.add((await stage.rolloutOf(next.rolloutId)).phase)
      await expireLease(next.rolloutId)
      await stage.settle(next.rolloutId)
      const rollout = await stage.rolloutOf(next.rolloutId)
      const effects = stage.runtime.effects.slice(effectsBefore)
      expect({
        dieAt,
        promotion: (await stage.promotionOf(next.promotionId)).state,
        phase: rollout.phase,
        verification: rollout.verification,
        steps: rollout.steps.map(({ state }) => state),
        effects: effects.map(({ act }) => act),
        replicasTouched: new Set(effects.map(({ replicaId }) => replicaId)).size,
        fewestReady: Math.min(...effects.map(({ readyAfter }) => readyAfter)),
        digests: digestsOf(stage),
        entries: await entriesOf(next.promotionId),
      }).toEqual({
        dieAt,
        promotion: 'completed',
        phase: 'applied',
        verification: 'passed',
        steps: ['done', 'done', 'done', 'done'],
        effects: ['start', 'stop', 'start', 'stop'],
        replicasTouched: 4,
        fewestReady: 2,
        digests: [stage.releases[1].digest, stage.releases[1].digest],
        entries: fullLog,
      })
    }
    expect([...stages].sort()).toEqual(['applied', 'applying', 'created', 'downloaded', 'downloading', 'verified'])
  }, 180_000)

  it('S4.33: three times, is not started a fourth time but settled, errored, with words', async () => {
    const stage = await makeRolloutStage()
    const asked = await stage.ask('v1.0.0')
    for (let round = 0; round < 3; round += 1) {
      await expireLease(asked.rolloutId)
      const runner = mortal(stage, 8)
      void stage.run(asked.rolloutId, { driverFor: () => runner.driver, leaseMs }, runner.ctx)
      await runner.died
    }
    await expireLease(asked.rolloutId)
    expect((await stage.rolloutOf(asked.rolloutId)).attempts).toBe(3)
    await stage.settle(asked.rolloutId)
    expect(await stage.rolloutOf(asked.rolloutId)).toMatchObject({ phase: 'failed', reason: 'attempts_exhausted', attempts: 4 })
    expect(await stage.promotionOf(asked.promotionId)).toMatchObject({ state: 'errored', outcome: expect.stringMatching(/3 times.*Retry/) })
  })
})

/** As whoever watches finds it once its holder is silent for too long. */
async function expireLease(rolloutId: string): Promise<void> {
  await asPlatform((tx) => tx.$executeRaw`update rollout set lease_owner = null, lease_until = null where id = ${rolloutId}`)
}

describe('two workers at one rollout', () => {
  it('have one lease between them', async () => {
    const stage = await makeRolloutStage()
    const asked = await stage.ask('v1.0.0')
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => stage.run(asked.rolloutId)))
    expect(outcomes.sort()).toEqual(['not_claimed', 'not_claimed', 'not_claimed', 'settled'])
    expect(stage.runtime.effects).toHaveLength(3)
    expect(await entriesOf(asked.promotionId)).toEqual(fullLog)
  })

  it('R-07: one that was paused past its lease writes nothing more, and the target refuses its token', async () => {
    const stage = await makeRolloutStage({ replicas: 1 })
    const asked = await stage.ask('v1.0.0')
    const paused = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    let isFirst = true
    stage.runtime.before = async (method) => {
      if (method !== 'apply start' || !isFirst) return
      isFirst = false
      reached.resolve()
      await paused.promise
    }
    const sleeper = stage.run(asked.rolloutId, { leaseMs })
    await reached.promise
    await expireLease(asked.rolloutId)
    await stage.settle(asked.rolloutId)
    paused.resolve()
    expect(await sleeper).toBe('lost')
    expect(stage.runtime.effects).toEqual([{ act: 'start', replicaId: expect.any(String), fencingToken: 2n, readyAfter: 1 }])
    expect(await entriesOf(asked.promotionId)).toEqual(fullLog)
  })

  it('the token of a target only grows, over all of its rollouts', async () => {
    const stage = await deployed({ replicas: 1 })
    const next = await stage.ask('v1.1.0')
    await stage.settle(next.rolloutId)
    const [a, b] = [await stage.rolloutOf(stage.first.rolloutId), await stage.rolloutOf(next.rolloutId)]
    expect(b.fencingToken > a.fencingToken).toBe(true)
  })
})

describe('a worker that stops cleanly', () => {
  it('R-21: leaves the rollout to be resumed, gives its lease and its attempt back, and the next one completes it', async () => {
    const stage = await makeRolloutStage()
    const asked = await stage.ask('v1.0.0')
    const stopping = new AbortController()
    let starts = 0
    stage.runtime.before = async (method) => {
      if (method === 'apply start' && (starts += 1) === 2) stopping.abort()
    }
    expect(await stage.run(asked.rolloutId, { signal: stopping.signal })).toBe('suspended')
    expect(await stage.rolloutOf(asked.rolloutId)).toMatchObject({
      phase: 'applying',
      leaseOwner: null,
      leaseUntil: null,
      attempts: 0,
      settledAt: null,
    })
    await stage.settle(asked.rolloutId)
    expect(await stage.promotionOf(asked.promotionId)).toMatchObject({ state: 'completed' })
    expect(stage.runtime.effects).toHaveLength(3)
  })
})

describe('a rollout that meets software that does not work', () => {
  it('S4.18: stops at the first replica that never gets ready, removes it, leaves the old ones serving and gives the promise back', async () => {
    const stage = await deployed()
    const old = [...stage.runtime.replicas.keys()]
    stage.runtime.behaviour = () => 'never_ready'
    const next = await stage.ask('v1.1.0')
    await stage.settle(next.rolloutId)
    expect(await stage.promotionOf(next.promotionId)).toMatchObject({
      state: 'failed',
      outcome: expect.stringMatching(/not ready within .*http_503.*Running: 3 replicas/),
    })
    const rollout = await stage.rolloutOf(next.rolloutId)
    expect(rollout).toMatchObject({
      phase: 'failed',
      failedPhase: 'applying',
      reason: 'replica_not_ready',
      attempts: 1,
      verification: 'not_applicable',
    })
    expect(rollout.steps.map(({ act, state }) => `${act} ${state}`)).toContain('start failed')
    expect([...stage.runtime.replicas.keys()]).toEqual(old)
    expect(await stage.deployment()).toMatchObject({ releaseId: stage.releases[0].id, promotionId: stage.first.promotionId, isMixed: false })
    expect((await stage.replicas()).map(({ id }) => id).sort()).toEqual(old.toSorted())
    // and the next one goes on from there
    stage.runtime.behaviour = () => 'ready'
    const again = await stage.ask('v1.1.0')
    await stage.settle(again.rolloutId)
    expect(await stage.promotionOf(again.promotionId)).toMatchObject({ state: 'completed' })
  })

  it('R-05: is mixed when some replicas are new already, and says which are where', async () => {
    const stage = await deployed()
    stage.runtime.behaviour = (_digest, nth) => (nth === 5 ? 'exits' : 'ready')
    const next = await stage.ask('v1.1.0')
    await stage.settle(next.rolloutId)
    const outcome = (await stage.promotionOf(next.promotionId)).outcome
    expect(outcome).toMatch(/exit_1/)
    expect(outcome).toContain(`2 replicas of app`)
    expect(outcome).toContain(stage.releases[0].digest.slice(0, 19))
    expect(outcome).toContain(stage.releases[1].digest.slice(0, 19))
    expect(await stage.deployment()).toMatchObject({ releaseId: stage.releases[1].id, isMixed: true })
    const { phases } = await getRollout(stage.manager, { promotion: next.promotionId })
    expect(phases.slice(-3).map(({ name, state }) => `${name} ${state}`)).toEqual(['applying failed', 'applied skipped', 'failed failed'])
    expect(digestsOf(stage).filter((digest) => digest === stage.releases[0].digest)).toHaveLength(2)
  })

  it('D6: is not applied while something runs beside what was promised, and a restart repairs it', async () => {
    const stage = await deployed({ replicas: 1 })
    const [old] = stage.runtime.replicas.values()
    const next = await stage.ask('v1.1.0')
    stage.runtime.before = async (method) => {
      if (method === 'apply stop' && old) stage.runtime.replicas.set('r-stray', { ...old, replicaId: 'r-stray' })
    }
    await stage.settle(next.rolloutId)
    stage.runtime.before = async () => {}
    expect(await stage.rolloutOf(next.rolloutId)).toMatchObject({ phase: 'failed', failedPhase: 'applying', reason: 'mixed' })
    expect(await stage.deployment()).toMatchObject({ isMixed: true })
    const repair = await stage.ask('v1.1.0', { kind: 'restart', release: undefined })
    await stage.settle(repair.rolloutId)
    expect(await stage.promotionOf(repair.promotionId)).toMatchObject({ state: 'completed' })
    expect(await stage.deployment()).toMatchObject({ isMixed: false })
    expect(digestsOf(stage)).toEqual([stage.releases[1].digest])
  })

  it('takes a first promise back when nothing of it is left', async () => {
    const stage = await makeRolloutStage()
    stage.runtime.behaviour = () => 'exits'
    const asked = await stage.ask('v1.0.0')
    await stage.settle(asked.rolloutId)
    expect(await stage.rolloutOf(asked.rolloutId)).toMatchObject({ reason: 'replica_exited' })
    expect(await stage.deployment()).toBeNull()
    expect(await stage.replicas()).toEqual([])
    expect(stage.runtime.replicas.size).toBe(0)
  })

  it('S4.21: fails verification when a replica is not ready any more after it was applied; what runs stays', async () => {
    const stage = await makeRolloutStage({ replicas: 1 })
    const asked = await stage.ask('v1.0.0')
    let probes = 0
    const probe: typeof stage.runtime.probe = async () => ((probes += 1) === 1 ? { isReady: true } : { isReady: false, reason: 'http_500' })
    await stage.settle(asked.rolloutId, { probe })
    expect(await stage.rolloutOf(asked.rolloutId)).toMatchObject({ phase: 'applied', verification: 'failed', reason: 'verification_failed' })
    expect(await stage.promotionOf(asked.promotionId)).toMatchObject({ state: 'failed', outcome: expect.stringContaining('http_500') })
    expect(stage.runtime.replicas.size).toBe(1)
  })
})

describe('a rollout that meets trouble of ours', () => {
  it('S4.33: tries a runtime that is away three times, then is errored', async () => {
    const stage = await makeRolloutStage()
    stage.runtime.isAvailable = false
    const asked = await stage.ask('v1.0.0')
    expect(await stage.run(asked.rolloutId)).toBe('suspended')
    expect(await stage.run(asked.rolloutId)).toBe('suspended')
    expect(await stage.rolloutOf(asked.rolloutId)).toMatchObject({ phase: 'created', attempts: 2, reason: 'runtime_unavailable', settledAt: null })
    expect(await stage.run(asked.rolloutId)).toBe('settled')
    expect(await stage.promotionOf(asked.promotionId)).toMatchObject({
      state: 'errored',
      outcome: expect.stringContaining('Given up after 3 attempts'),
    })
    expect(stage.runtime.effects).toEqual([])
  })

  it('S4.33: goes on when it comes back, and waits before it tries again', async () => {
    const stage = await makeRolloutStage()
    stage.runtime.isAvailable = false
    const asked = await stage.ask('v1.0.0')
    expect(await stage.run(asked.rolloutId, { waits: () => 300_000 })).toBe('suspended')
    stage.runtime.isAvailable = true
    expect(await stage.run(asked.rolloutId)).toBe('not_claimed')
    await asPlatform((tx) => tx.$executeRaw`update rollout set resume_at = now() where id = ${asked.rolloutId}`)
    await stage.settle(asked.rolloutId)
    expect(await stage.promotionOf(asked.promotionId)).toMatchObject({ state: 'completed' })
  })

  it('S4.34: ends at once where trying again would ask the same question', async () => {
    const stage = await makeRolloutStage()
    stage.runtime.before = async (method) => {
      if (method === 'prepare') throw new Refusal('unsupported', 'This JAR needs Java 99.')
    }
    const asked = await stage.ask('v1.0.0')
    expect(await stage.run(asked.rolloutId)).toBe('settled')
    expect(await stage.rolloutOf(asked.rolloutId)).toMatchObject({ phase: 'failed', failedPhase: 'downloading', attempts: 1, reason: 'unsupported' })
    expect(await stage.promotionOf(asked.promotionId)).toMatchObject({ state: 'failed' })
  })

  it('S4.13: a phase of a newer version is read as failed: not resumed, nothing touched, words on what to do', async () => {
    const stage = await makeRolloutStage()
    const asked = await stage.ask('v1.0.0')
    await asPlatform((tx) => tx.rollout.update({ where: { id: asked.rolloutId }, data: { phase: 'quantum' } }))
    expect(await stage.run(asked.rolloutId)).toBe('settled')
    expect(await stage.rolloutOf(asked.rolloutId)).toMatchObject({ phase: 'failed', failedPhase: 'quantum', reason: 'phase_unknown' })
    expect((await stage.promotionOf(asked.promotionId)).outcome).toMatch(/quantum.*retry/)
    expect(stage.runtime.effects).toEqual([])
  })

  it.each([
    ['the stored plan', 'plan_digest_mismatch', `update promotion set plan = replace(plan, '"replicas":3', '"replicas":4') where id = $1`],
    ['a manifest of the registry', 'manifests_mismatch', `update manifest set content = '\\x00' where $1 <> ''`],
  ])('refuses to run when %s was tampered with', async (_what, reason, sql) => {
    const stage = await makeRolloutStage()
    const asked = await stage.ask('v1.0.0')
    const client = new Client({ connectionString: test.ownerUrl })
    await client.connect()
    await client.query(sql, [asked.promotionId])
    await client.end()
    expect(await stage.run(asked.rolloutId)).toBe('settled')
    expect(await stage.rolloutOf(asked.rolloutId)).toMatchObject({ phase: 'failed', failedPhase: 'downloaded', reason })
    expect(stage.runtime.effects).toEqual([])
  })
})

describe('a rollout whose machine or program changed since the plan', () => {
  it('is unsupported, before anything is touched, when the Java here is older than the JAR by now', async () => {
    const stage = await makeRolloutStage()
    const asked = await stage.ask('v1.0.0')
    stage.runtime.javaLevel = 11
    expect(await stage.run(asked.rolloutId)).toBe('settled')
    expect(await stage.rolloutOf(asked.rolloutId)).toMatchObject({ phase: 'failed', failedPhase: 'created', reason: 'unsupported', attempts: 1 })
    expect(await stage.promotionOf(asked.promotionId)).toMatchObject({
      state: 'failed',
      outcome: expect.stringMatching(/needs Java 17.*Nothing runs/),
    })
    expect(stage.runtime.effects).toEqual([])
  })

  it('S-36: is stale, before anything is touched, when the runtime would be given other manifests than were planned', async () => {
    const stage = await makeRolloutStage()
    const asked = await stage.ask('v1.0.0')
    const changed = new ScriptedRuntime()
    stage.runtime.render = (desired) => changed.render({ ...desired, strategy: { maxUnavailable: 9, maxSurge: 9 } })
    expect(await stage.run(asked.rolloutId)).toBe('settled')
    expect(await stage.rolloutOf(asked.rolloutId)).toMatchObject({ phase: 'failed', failedPhase: 'downloaded', reason: 'stale_plan', attempts: 1 })
    expect(await stage.promotionOf(asked.promotionId)).toMatchObject({
      state: 'failed',
      outcome: expect.stringMatching(/not what was planned.*Ask for it again/),
    })
    expect(stage.runtime.effects).toEqual([])
    stage.runtime.render = (desired) => changed.render(desired)
    const again = await stage.ask('v1.0.0')
    await stage.settle(again.rolloutId)
    expect(await stage.promotionOf(again.promotionId)).toMatchObject({ state: 'completed' })
  })
})

describe('a rollout that is cancelled', () => {
  it.each(['created', 'downloading', 'downloaded', 'verified'])(
    'in phase %s: fails with reason cancelled, and nothing was touched',
    async (phase) => {
      const stage = await makeRolloutStage()
      const asked = await stage.ask('v1.0.0')
      await asPlatform((tx) => tx.rollout.update({ where: { id: asked.rolloutId }, data: { phase } }))
      await cancelPromotion(stage.manager, { promotion: asked.promotionId, reason: 'wrong one' })
      expect(await stage.run(asked.rolloutId)).toBe('settled')
      expect(await stage.rolloutOf(asked.rolloutId)).toMatchObject({ phase: 'failed', failedPhase: phase, reason: 'cancelled' })
      expect(await stage.promotionOf(asked.promotionId)).toMatchObject({ state: 'failed', outcome: expect.stringContaining('Nothing runs.') })
      expect(stage.runtime.effects).toEqual([])
    },
  )

  it('while it is applied: stops after the running step and says which replicas are where', async () => {
    const stage = await deployed()
    let starts = 0
    const next = await stage.ask('v1.1.0')
    stage.runtime.before = async (method) => {
      if (method === 'apply start' && (starts += 1) === 2) await cancelPromotion(stage.manager, { promotion: next.promotionId, reason: '' })
    }
    await stage.settle(next.rolloutId)
    const rollout = await stage.rolloutOf(next.rolloutId)
    expect(rollout).toMatchObject({ phase: 'failed', failedPhase: 'applying', reason: 'cancelled' })
    expect(rollout.steps.map(({ act, state }) => `${act} ${state}`)).toEqual([
      'start done',
      'stop done',
      'start done',
      'stop skipped',
      'start skipped',
      'stop skipped',
    ])
    expect(rollout.message).toMatch(/2 replicas of app .* 2 replicas of app/)
    expect(await stage.deployment()).toMatchObject({ isMixed: true })
  })

  it('while it waits for its next attempt: is settled at once', async () => {
    const stage = await makeRolloutStage()
    stage.runtime.isAvailable = false
    const asked = await stage.ask('v1.0.0')
    await stage.run(asked.rolloutId, { waits: () => 300_000 })
    await cancelPromotion(stage.manager, { promotion: asked.promotionId, reason: '' })
    expect(await stage.run(asked.rolloutId)).toBe('settled')
    expect(await stage.rolloutOf(asked.rolloutId)).toMatchObject({ reason: 'cancelled' })
  })
})
