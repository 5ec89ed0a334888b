// Rollbacks as the engine runs them: their five steps, their clock, and the one that follows a failure by itself.
import { describe, expect, it } from 'vitest'
import { database } from '#lib/platform/database'
import { promotionJobs } from '#lib/promotions/jobs'
import { listHolds } from '#lib/promotions/queries/list-holds'
import { getRollout } from '#lib/rollouts/queries/get-rollout'
import { writePolicy } from '#lib/tenants/commands/write-policy'
import { defaultPolicy } from '#lib/tenants/environment-policy'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform } from '#lib/testing/factories'
import { makeRolloutStage, type RolloutStage } from '#lib/testing/rollouts'

useTestDatabase()

async function rollBackByItself({ tenant }: RolloutStage): Promise<void> {
  const document = defaultPolicy({ slug: 'dev', isCustom: false }, 'HIGH')
  const rollback = { ...document.rollback, onFailure: 'roll_back' as const, targetSeconds: 60 }
  await writePolicy(await actAs(tenant, 'tenant_admin'), { environment: 'dev', baseVersion: 0, document: { ...document, rollback }, reason: '' })
}

async function isQueued(promotionId: string): Promise<boolean> {
  const { rowCount } = await database().pool.query('select 1 from graphile_worker.jobs where key = $1', [`roll-back:${promotionId}`])
  return rowCount === 1
}

const followersOf = ({ application }: RolloutStage) =>
  asPlatform((tx) => tx.promotion.findMany({ where: { applicationId: application.id, kind: 'rollback' }, orderBy: { requestedAt: 'asc' } }))
const rolloutIdOf = async (promotionId: string) => (await asPlatform((tx) => tx.rollout.findUniqueOrThrow({ where: { promotionId } }))).id

/** The new release is applied, and then one of its replicas does not answer: verification says no. */
async function failVerification(stage: RolloutStage, release: string) {
  const asked = await stage.ask(release)
  let asks = 0
  const { probe } = stage.runtime
  const failing: typeof probe = async (...given) => {
    asks += 1
    const { phase } = await stage.rolloutOf(asked.rolloutId)
    return phase === 'applied' ? { isReady: false, reason: 'http_503' } : probe(...given)
  }
  await stage.settle(asked.rolloutId, { probe: failing })
  expect(asks).toBeGreaterThan(0)
  expect(await stage.rolloutOf(asked.rolloutId)).toMatchObject({ phase: 'applied', verification: 'failed' })
  return asked
}

describe('a rollback', () => {
  it('S4.23 S4.24 S4.25: has five steps with their times in order, is verified by every suite, and has its time from stop to verified', async () => {
    const stage = await makeRolloutStage()
    for (const release of ['v1.0.0', 'v1.1.0']) await stage.settle((await stage.ask(release)).rolloutId)
    const back = await stage.ask('v1.0.0', { kind: 'rollback', reason: 'errors' })
    const before = (await getRollout(stage.manager, { promotion: back.promotionId })).recovery
    expect(before?.steps.map(({ state }) => state)).toEqual(['pending', 'pending', 'skipped', 'pending', 'pending'])
    await stage.settle(back.rolloutId)
    const view = await getRollout(stage.manager, { promotion: back.promotionId })
    expect(view.recovery?.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'stop done',
      'previous done',
      'restore skipped',
      'start done',
      'verify done',
    ])
    const [stop, previous, , start, verify] = view.recovery?.steps.map(({ at }) => Date.parse(at ?? '')) ?? []
    const startedAt = Date.parse(view.recovery?.startedAt ?? '')
    // Replica by replica: the last one is stopped when the last new one is ready.
    for (const [earlier, later] of [
      [startedAt, previous],
      [previous, start],
      [start, stop],
      [stop, verify],
    ] as const) {
      expect(later).toBeGreaterThanOrEqual(earlier ?? Number.NaN)
    }
    expect(view.recovery?.steps[0]?.words).toContain('3 of 3')
    expect(view.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    expect(view.recovery).toMatchObject({ targetMs: 900_000, recoveryMs: expect.any(Number) })
    expect(view.clock.elapsedMs).toBeGreaterThanOrEqual((view.recovery?.recoveryMs ?? Number.NaN) - 1)
  })
})

describe('a promotion that fails verification', () => {
  it('is rolled back by itself where the policy says so: what ran before runs again, verified, and the place is held', async () => {
    const stage = await makeRolloutStage()
    await rollBackByItself(stage)
    await stage.settle((await stage.ask('v1.0.0')).rolloutId)
    const failed = await failVerification(stage, 'v1.1.0')
    expect(await isQueued(failed.promotionId)).toBe(true)
    await promotionJobs['roll-back-failed'](stage.system, { tenantId: stage.tenant.id, promotionId: failed.promotionId })
    const [follower] = await followersOf(stage)
    await stage.settle(await rolloutIdOf(follower?.id ?? ''))
    expect(await stage.promotionOf(follower?.id ?? '')).toMatchObject({
      state: 'completed',
      releaseId: stage.releases[0].id,
      requesterKind: 'system',
    })
    expect(await stage.deployment()).toMatchObject({ releaseId: stage.releases[0].id, state: 'ready', isMixed: false })
    expect((await listHolds(stage.manager, { includePast: false })).items).toMatchObject([{ promotionId: follower?.id }])
    expect((await getRollout(stage.manager, { promotion: follower?.id ?? '' })).recovery).toMatchObject({ targetMs: 60_000 })
  })

  it('stays where the policy does not say so; and a rollback that fails is left to people', async () => {
    const stage = await makeRolloutStage()
    await stage.settle((await stage.ask('v1.0.0')).rolloutId)
    const left = await failVerification(stage, 'v1.1.0')
    expect(await isQueued(left.promotionId)).toBe(false)
    await rollBackByItself(stage)
    stage.runtime.behaviour = () => 'never_ready'
    const back = await stage.ask('v1.0.0', { kind: 'rollback', reason: 'errors' })
    await stage.settle(back.rolloutId)
    expect(await stage.promotionOf(back.promotionId)).toMatchObject({ state: 'failed' })
    expect(await isQueued(back.promotionId)).toBe(false)
    await promotionJobs['roll-back-failed'](stage.system, { tenantId: stage.tenant.id, promotionId: back.promotionId })
    expect(await followersOf(stage)).toHaveLength(1)
  })

  it('is not followed where nothing of it is left: what ran before runs on', async () => {
    const stage = await makeRolloutStage()
    await rollBackByItself(stage)
    await stage.settle((await stage.ask('v1.0.0')).rolloutId)
    stage.runtime.behaviour = () => 'never_ready'
    const asked = await stage.ask('v1.1.0')
    await stage.settle(asked.rolloutId)
    expect(await stage.promotionOf(asked.promotionId)).toMatchObject({ state: 'failed' })
    await promotionJobs['roll-back-failed'](stage.system, { tenantId: stage.tenant.id, promotionId: asked.promotionId })
    expect(await followersOf(stage)).toEqual([])
    expect(await stage.deployment()).toMatchObject({ releaseId: stage.releases[0].id })
  })
})
