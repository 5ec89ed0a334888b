import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { saveRevision } from '#lib/configuration/commands/save-revision'
import { setSecret } from '#lib/configuration/commands/set-secret'
import { emptyLayer } from '#lib/configuration/config-document'
import { blobFolder } from '#lib/platform/disk-blob-store'
import { createContext, systemActor } from '#lib/platform/context'
import { approvePromotion } from '#lib/promotions/commands/approve-promotion'
import { requestPromotion } from '#lib/promotions/commands/request-promotion'
import { rollBackFailed } from '#lib/promotions/commands/roll-back-failed'
import { parsePlan } from '#lib/promotions/plan'
import { getPromotion } from '#lib/promotions/queries/get-promotion'
import { getRollbackCandidates } from '#lib/promotions/queries/get-rollback-candidates'
import { listHolds } from '#lib/promotions/queries/list-holds'
import { listRecoveries } from '#lib/promotions/queries/list-recoveries'
import { liftHold } from '#lib/promotions/commands/lift-hold'
import { percentile } from '#lib/promotions/recovery'
import { isWithinTarget } from '#lib/promotions/recovery-target'
import { getRollout } from '#lib/rollouts/queries/get-rollout'
import { writePolicy } from '#lib/tenants/commands/write-policy'
import { defaultPolicy, type EnvironmentPolicyDocument } from '#lib/tenants/environment-policy'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform, makeApplication, makeTenant } from '#lib/testing/factories'
import { completeRollout } from '#lib/testing/promotions'
import { makeRelease, type MakeReleaseOptions } from '#lib/testing/releases'

useTestDatabase()

async function makeStage(environment = 'dev') {
  const tenant = await makeTenant()
  const application = await makeApplication(tenant)
  const sre = await actAs(tenant, 'sre', 'release_manager')
  const admin = await actAs(tenant, 'tenant_admin')
  const approver = await actAs(tenant, 'approver')
  const system = createContext({ tenant, actor: systemActor('worker') })
  const place = { application: application.slug, environment }
  const release = (name: string, options?: MakeReleaseOptions) => makeRelease(tenant, application, name, options)
  const ask = (name: string | undefined, more: Record<string, unknown> = {}) => requestPromotion(sre, { ...place, release: name, ...more })
  const back = (name: string, more: Record<string, unknown> = {}) => ask(name, { kind: 'rollback', reason: 'errors at checkout', ...more })
  /** Up to and including the environment, each time approved where that is asked for. */
  const climb = async (name: string) => {
    for (const one of environment === 'prod' ? ['dev', 'staging', 'prod'] : ['dev']) {
      const asked = await requestPromotion(sre, { ...place, environment: one, release: name })
      if (asked.state === 'requested') await approvePromotion(approver, { promotion: asked.id, planDigest: asked.planDigest })
      await completeRollout(sre, asked.id)
    }
  }
  const policy = async (change: Partial<EnvironmentPolicyDocument['rollback']>, baseVersion = 0) => {
    const document = defaultPolicy({ slug: environment, isCustom: false }, 'HIGH')
    await writePolicy(admin, { environment, baseVersion, document: { ...document, rollback: { ...document.rollback, ...change } }, reason: '' })
  }
  return { tenant, application, sre, approver, system, place, release, ask, back, climb, policy }
}

/** The file of one blob that no other release has. */
function blobFile(text: string): string {
  const folder = join(blobFolder(), 'sha256')
  const files = readdirSync(folder).flatMap((part) => readdirSync(join(folder, part)).map((name) => join(folder, part, name)))
  const [newest] = files.filter((file) => statSync(file).size === text.length).toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
  if (!newest) throw new Error('the release has no such blob')
  return newest
}

describe('a rollback', () => {
  it('says why', async () => {
    const { release, climb, back } = await makeStage()
    await release('v1.0.0')
    await climb('v1.0.0')
    await release('v1.1.0')
    await climb('v1.1.0')
    await expect(back('v1.0.0', { reason: ' ' })).rejects.toMatchObject({ code: 'invalid_input', details: { errors: [{ field: 'reason' }] } })
    expect(await back('v1.0.0')).toMatchObject({ state: 'rolling_out', reason: 'errors at checkout' })
  })

  it.each([
    ['is gone', 'missing', (file: string) => rmSync(file)],
    ['rotted', 'failed', (file: string) => writeFileSync(file, 'x'.repeat(statSync(file).size))],
  ] as const)('T10: does not go back to a release whose blob %s, and chooses the last good one that is whole', async (_what, outcome, harm) => {
    const { tenant, application, sre, place, release, climb, back } = await makeStage()
    await release('v1.0.0')
    await climb('v1.0.0')
    await release('v1.1.0')
    const file = blobFile(`layer ${tenant.id} ${application.id} v1.1.0`)
    await climb('v1.1.0')
    await release('v1.2.0')
    await climb('v1.2.0')
    harm(file)
    const { candidates } = await getRollbackCandidates(sre, place)
    expect(candidates.map((one) => [one.release, one.isLastGood, one.isBlocked])).toEqual([
      ['v1.1.0', false, true],
      ['v1.0.0', true, false],
    ])
    expect(candidates[0]?.prechecks.find(({ name }) => name === 'image_intact')).toMatchObject({ outcome })
    await expect(back('v1.1.0')).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('v1.1.0 cannot come back') })
    expect(await back('v1.0.0')).toMatchObject({ state: 'rolling_out' })
  })

  it('never offers a release that this machine cannot run any more, and says what it needs', async () => {
    const { sre, place, release, climb, back } = await makeStage()
    await release('v1.0.0')
    await climb('v1.0.0')
    await release('v1.1.0')
    await climb('v1.1.0')
    await asPlatform((tx) => tx.$executeRaw`update artifact set facts = jsonb_set(facts::jsonb, '{javaLevel}', '99')::text`)
    const { candidates } = await getRollbackCandidates(sre, place)
    expect(candidates.map((one) => [one.release, one.isLastGood, one.isBlocked])).toEqual([['v1.0.0', false, true]])
    expect(candidates[0]?.prechecks.find(({ name }) => name === 'runs_here')).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('Java 99'),
    })
    await expect(back('v1.0.0')).rejects.toMatchObject({ code: 'unsupported' })
    await asPlatform((tx) => tx.$executeRaw`update artifact set facts = jsonb_set(facts::jsonb, '{javaLevel}', '17')::text`)
  })

  it('T10: never offers a release that only failed here', async () => {
    const { sre, place, release, climb, ask, back } = await makeStage()
    await release('v1.0.0')
    await climb('v1.0.0')
    await release('v1.1.0')
    await completeRollout(sre, (await ask('v1.1.0')).id, { state: 'failed' })
    await release('v1.2.0')
    await climb('v1.2.0')
    const { candidates } = await getRollbackCandidates(sre, place)
    expect(candidates.map((one) => one.release)).toEqual(['v1.0.0'])
    await expect(back('v1.1.0')).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('never completed') })
  })

  it('stands on the approvals that its release had here before, on record, unless the policy asks for new ones', async () => {
    const { sre, approver, release, climb, back, policy } = await makeStage('prod')
    await release('v1.0.0')
    await climb('v1.0.0')
    await release('v1.1.0')
    await climb('v1.1.0')
    const first = await back('v1.0.0')
    const by = approver.actor.kind === 'person' ? approver.actor.id : ''
    expect(first).toMatchObject({ state: 'rolling_out', approvals: [] })
    expect(first.gates.find(({ gate }) => gate === 'approvals')).toMatchObject({
      outcome: 'passed',
      reason: expect.stringContaining('approved in prod before'),
    })
    const claimed = await asPlatform((tx) =>
      tx.auditEntry.findFirstOrThrow({ where: { subject: `promotion:${first.id}`, action: 'promotion.claimed' } }),
    )
    expect(JSON.parse(claimed.content)).toMatchObject({ after: { approvedEarlierBy: [by] } })
    await completeRollout(sre, first.id)
    await policy({ acceptsEarlierApproval: false })
    const second = await back('v1.1.0')
    expect(second.state).toBe('requested')
    expect(await approvePromotion(approver, { promotion: second.id, planDigest: second.planDigest })).toMatchObject({ state: 'rolling_out' })
  })

  it('S4.23: over another state comes after stop and restore, in this order, and says what was restored', async () => {
    const { sre, place, release, climb, ask, back } = await makeStage()
    await release('v1.0.0', { spec: { stateLabel: 'schema-1' } })
    await climb('v1.0.0')
    await release('v1.1.0', { spec: { stateLabel: 'schema-2' } })
    await climb('v1.1.0')
    const { candidates } = await getRollbackCandidates(sre, place)
    expect(candidates).toMatchObject([{ release: 'v1.0.0', needsRestore: true, isBlocked: false }])
    await expect(back('v1.0.0', { restored: 'orders-db' })).rejects.toMatchObject({ code: 'conflict', fix: expect.stringContaining('Stop it first') })
    const stop = await ask(undefined, { kind: 'stop' })
    await completeRollout(sre, stop.id)
    await expect(back('v1.0.0')).rejects.toMatchObject({ code: 'invalid_input', details: { errors: [{ field: 'restored' }] } })
    const asked = await back('v1.0.0', { restored: 'orders-db from 07:00' })
    await completeRollout(sre, asked.id)
    const { recovery } = await getRollout(sre, { promotion: asked.id })
    expect(recovery?.startedAt).toBe(stop.requestedAt)
    expect(recovery?.steps.map(({ name, state }) => [name, state])).toEqual([
      ['stop', 'done'],
      ['previous', 'current'],
      ['restore', 'done'],
      ['start', 'done'],
      ['verify', 'done'],
    ])
    expect(recovery?.steps[2]?.words).toContain('orders-db from 07:00')
    const requested = await asPlatform((tx) =>
      tx.auditEntry.findFirstOrThrow({ where: { subject: `promotion:${asked.id}`, action: 'promotion.requested' } }),
    )
    expect(JSON.parse(requested.content)).toMatchObject({ after: { restore: { isNeeded: true, restored: 'orders-db from 07:00' } } })
  })

  it('tells by the migrations in the JARs what the database may be: a warning to acknowledge, neutral without any, unknown where nobody looked', async () => {
    const { sre, place, release, climb, back } = await makeStage()
    const flyway = (...versions: string[]) => ({ migrations: { flyway: versions, liquibase: [] } })
    await release('v1.0.0', flyway())
    await release('v1.1.0', flyway('1', '1.5'))
    await release('v1.2.0', flyway('1', '1.5', '2'))
    await release('v1.3.0', flyway('1', '1.5', '2'))
    for (const name of ['v1.0.0', 'v1.1.0', 'v1.2.0', 'v1.3.0']) await climb(name)
    const contracts = async () => {
      const { candidates } = await getRollbackCandidates(sre, place)
      return Object.fromEntries(
        candidates.map(({ release: name, prechecks, contractWarning, isBlocked }) => {
          const found = prechecks.find((one) => one.name === 'contract')
          return [name, [found?.outcome, found?.reason, contractWarning === found?.reason, isBlocked]]
        }),
      )
    }
    expect(await contracts()).toEqual({
      'v1.2.0': ['passed', 'v1.2.0 knows every migration of what ran here, up to V2.', false, false],
      'v1.1.0': ['warning', 'The database may have been migrated to V2 by v1.3.0; v1.1.0 knows V1.5.', true, false],
      'v1.0.0': ['warning', 'The database may have been migrated to V2 by v1.3.0; v1.0.0 knows no migration.', true, false],
    })
    await expect(back('v1.1.0')).rejects.toMatchObject({ code: 'invalid_input', details: { errors: [{ field: 'acknowledge' }] } })
    const asked = await back('v1.1.0', { acknowledge: ['contract'] })
    const requested = await asPlatform((tx) =>
      tx.auditEntry.findFirstOrThrow({ where: { subject: `promotion:${asked.id}`, action: 'promotion.requested' } }),
    )
    expect(JSON.parse(requested.content)).toMatchObject({ after: { acknowledgedContract: expect.stringContaining('migrated to V2') } })
    await completeRollout(sre, asked.id)
    // The database went no way back with it: what ran before still counts.
    expect((await contracts())['v1.0.0']).toEqual([
      'warning',
      'The database may have been migrated to V2 by v1.3.0; v1.0.0 knows no migration.',
      true,
      false,
    ])
    expect(await back('v1.2.0')).toMatchObject({ state: 'rolling_out' })
  })

  it('says of a contract that nobody looked at that it is unknown, and of JARs without migrations that there are none', async () => {
    const stage = await makeStage()
    for (const name of ['v1.0.0', 'v1.1.0']) {
      await stage.release(name)
      await stage.climb(name)
    }
    const contractOf = async ({ sre, place }: typeof stage) =>
      (await getRollbackCandidates(sre, place)).candidates[0]?.prechecks.find(({ name }) => name === 'contract')
    expect(await contractOf(stage)).toMatchObject({ outcome: 'unknown', reason: expect.stringContaining('Nobody looked for migrations') })
    expect(await stage.back('v1.0.0')).toMatchObject({ state: 'rolling_out' })
    const bare = await makeStage()
    for (const name of ['v1.0.0', 'v1.1.0']) {
      await bare.release(name, { migrations: { flyway: [], liquibase: [] } })
      await bare.climb(name)
    }
    expect(await contractOf(bare)).toEqual({ name: 'contract', outcome: 'not_applicable', reason: 'No migrations in the JARs of v1.0.0 and v1.1.0.' })
  })

  it('S4.25: stores how long it took from stop to verified against the target of the policy, and what failed has no time', async () => {
    const { application, sre, release, climb, back, policy } = await makeStage()
    await policy({ targetSeconds: 600 })
    await release('v1.0.0')
    await climb('v1.0.0')
    await release('v1.1.0')
    await climb('v1.1.0')
    const first = await back('v1.0.0', { incident: 'INC-7' })
    await asPlatform(
      (tx) => tx.$executeRaw`update rollout set recovery_from = recovery_from - interval '601 seconds' where promotion_id = ${first.id}`,
    )
    await completeRollout(sre, first.id)
    const second = await back('v1.1.0')
    await completeRollout(sre, second.id)
    const third = await back('v1.0.0')
    await completeRollout(sre, third.id, { state: 'failed' })
    const history = await listRecoveries(sre, { application: application.slug, environment: 'dev' })
    expect(history).toMatchObject({ verified: 2, withinTarget: 1 })
    expect(history.items.map(({ promotionId, state }) => [promotionId, state])).toEqual([
      [third.id, 'failed'],
      [second.id, 'completed'],
      [first.id, 'completed'],
    ])
    expect(history.items[0]?.recoveryMs).toBeNull()
    expect(history.items[2]).toMatchObject({ from: 'v1.1.0', release: 'v1.0.0', targetSeconds: 600, incident: 'INC-7' })
    expect(history.items[2]?.recoveryMs).toBeGreaterThanOrEqual(601_000)
    expect(history.p90Ms).toBe(history.items[2]?.recoveryMs)
    expect(history.p50Ms).toBe(history.items[1]?.recoveryMs)
  })
})

describe('what failed', () => {
  async function failing(change: Partial<EnvironmentPolicyDocument['rollback']>) {
    const stage = await makeStage()
    const { sre, release, climb, ask, policy } = stage
    await policy(change)
    await release('v1.0.0')
    await climb('v1.0.0')
    await release('v1.1.0')
    const asked = await ask('v1.1.0')
    // As a rollout leaves it whose verification failed: the new promise stands, the one before is remembered.
    await asPlatform(async (tx) => {
      const deployment = await tx.deployment.findFirstOrThrow({ where: { applicationId: stage.application.id } })
      await tx.rollout.update({ where: { promotionId: asked.id }, data: { replaced: JSON.stringify(deployment) } })
      await tx.deployment.update({ where: { id: deployment.id }, data: { promotionId: asked.id } })
    })
    await completeRollout(sre, asked.id, { state: 'failed' })
    const following = () => asPlatform((tx) => tx.promotion.findMany({ where: { applicationId: stage.application.id, kind: 'rollback' } }))
    return { ...stage, asked, following }
  }

  it('is rolled back by itself where the policy says so: once, to what ran before, held afterwards, and a failed rollback never again', async () => {
    const { system, sre, asked, following } = await failing({ onFailure: 'roll_back' })
    await asPlatform(
      (tx) =>
        tx.$executeRaw`update deployment set release_id = (select release_id from promotion where id = ${asked.id}) where promotion_id = ${asked.id}`,
    )
    await rollBackFailed(system, { promotionId: asked.id })
    await rollBackFailed(system, { promotionId: asked.id })
    const [follower, ...others] = await following()
    expect(others).toEqual([])
    expect(follower).toMatchObject({
      state: 'rolling_out',
      requesterKind: 'system',
      reason: expect.stringContaining('By the policy of dev, because v1.1.0 failed'),
    })
    const view = await getPromotion(sre, { promotion: follower?.id ?? '' })
    expect(view).toMatchObject({ release: 'v1.0.0', automaticFor: asked.id })
    await completeRollout(system, view.id, { state: 'failed' })
    await rollBackFailed(system, { promotionId: view.id })
    expect(await following()).toHaveLength(1)
    const { items } = await listHolds(sre, { includePast: false })
    expect(items).toMatchObject([{ promotionId: view.id }])
    await liftHold(sre, { hold: items[0]?.id ?? '', reason: 'seen' })
  })

  it('brings back the configuration before where it was a configuration that failed, and says why not where only a secret changed', async () => {
    const { sre, system, application, place, release, climb, ask, policy } = await makeStage()
    await policy({ onFailure: 'roll_back' })
    await release('v1.0.0')
    await climb('v1.0.0')
    const save = (expected: number, document: Record<string, unknown>) =>
      saveRevision(sre, { ...place, expected, document: { ...emptyLayer, ...document } })
    await save(0, { variables: { ORDERS_REGION: 'eu' } })
    await completeRollout(sre, (await ask(undefined, { kind: 'config' })).id)
    await save(1, { variables: { ORDERS_REGION: 'nowhere' } })
    /** As a rollout leaves a configuration whose verification failed. */
    const fail = async () => {
      const asked = await ask(undefined, { kind: 'config' })
      const { config } = parsePlan((await asPlatform((tx) => tx.promotion.findUniqueOrThrow({ where: { id: asked.id } }))).plan)
      await asPlatform(async (tx) => {
        const deployment = await tx.deployment.findFirstOrThrow({ where: { applicationId: application.id } })
        await tx.rollout.update({ where: { promotionId: asked.id }, data: { replaced: JSON.stringify(deployment) } })
        await tx.deployment.update({ where: { id: deployment.id }, data: { promotionId: asked.id, configRevision: config.revision } })
      })
      await completeRollout(sre, asked.id, { state: 'failed' })
      await rollBackFailed(system, { promotionId: asked.id })
      await rollBackFailed(system, { promotionId: asked.id })
      return asked
    }
    const failed = await fail()
    const following = () => asPlatform((tx) => tx.promotion.findMany({ where: { applicationId: application.id, kind: 'rollback' } }))
    const [back, ...others] = await following()
    expect(others).toEqual([])
    expect(back).toMatchObject({ state: 'rolling_out', requesterKind: 'system' })
    expect(parsePlan(back?.plan ?? '')).toMatchObject({ release: { name: 'v1.0.0' }, config: { revision: 1 } })
    expect(await getPromotion(sre, { promotion: back?.id ?? '' })).toMatchObject({ automaticFor: failed.id })
    await completeRollout(system, back?.id ?? '')
    const { items } = await listHolds(sre, { includePast: false })
    await liftHold(sre, { hold: items[0]?.id ?? '', reason: 'seen' })
    // The same revision with another secret is no configuration to go back to.
    await setSecret(sre, { ...place, name: 'orders-db', value: 'one that is right' })
    await save(2, { connections: { DB_PASSWORD: { secret: 'orders-db', deliver: 'environment' } } })
    await completeRollout(sre, (await ask(undefined, { kind: 'config' })).id)
    await setSecret(sre, { ...place, name: 'orders-db', value: 'one that is wrong' })
    const again = await fail()
    expect(await following()).toHaveLength(1)
    const refusals = await asPlatform((tx) =>
      tx.auditEntry.findMany({ where: { subject: `promotion:${again.id}`, action: 'promotion.not_rolled_back' } }),
    )
    expect(refusals.map(({ content }) => content).join()).toContain('only secrets changed')
  })

  it('stays as it is where the policy says nothing of it, or somebody cancelled it', async () => {
    const quiet = await failing({})
    const job = await asPlatform((tx) => tx.environmentPolicy.count())
    expect(job).toBeGreaterThan(0)
    const cancelled = await failing({ onFailure: 'roll_back' })
    await asPlatform((tx) =>
      tx.rollout.update({ where: { promotionId: cancelled.asked.id }, data: { cancelledAt: new Date(), cancelledBy: 'somebody' } }),
    )
    await rollBackFailed(cancelled.system, { promotionId: cancelled.asked.id })
    expect([...(await quiet.following()), ...(await cancelled.following())]).toEqual([])
  })
})

describe('the target of a recovery', () => {
  it('S4.25: is met at 899 and 900 seconds and missed at 901', () => {
    expect([899, 900, 901].map((seconds) => isWithinTarget(seconds * 1000, 900))).toEqual([true, true, false])
    expect(isWithinTarget(900_001, 900)).toBe(false)
  })

  it('is told by values that were measured', () => {
    expect(percentile([], 50)).toBeNull()
    expect(percentile([7], 90)).toBe(7)
    expect(percentile([3, 1, 2, 4], 50)).toBe(2)
    expect(
      percentile(
        Array.from({ length: 10 }, (_, index) => index + 1),
        90,
      ),
    ).toBe(9)
  })
})
