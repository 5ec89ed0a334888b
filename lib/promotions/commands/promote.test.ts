import { describe, expect, it } from 'vitest'
import { saveRevision } from '#lib/configuration/commands/save-revision'
import { defaultConfig } from '#lib/configuration/config-document'
import type { TenantContext } from '#lib/platform/context'
import { advancePromotion } from '#lib/promotions/commands/advance-promotion'
import { approvePromotion } from '#lib/promotions/commands/approve-promotion'
import { cancelPromotion } from '#lib/promotions/commands/cancel-promotion'
import { createFreeze } from '#lib/promotions/commands/create-freeze'
import { expireApprovals } from '#lib/promotions/commands/expire-approvals'
import { grantWaiver } from '#lib/promotions/commands/grant-waiver'
import { liftFreeze } from '#lib/promotions/commands/lift-freeze'
import { rejectPromotion } from '#lib/promotions/commands/reject-promotion'
import { askAgain, retryPromotion } from '#lib/promotions/commands/repeat-promotion'
import { requestPromotion } from '#lib/promotions/commands/request-promotion'
import { getPromotion } from '#lib/promotions/queries/get-promotion'
import { getRollbackCandidates } from '#lib/promotions/queries/get-rollback-candidates'
import { getSheet } from '#lib/promotions/queries/get-sheet'
import { loadDesiredState } from '#lib/promotions/queries/load-desired-state'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform, makeApplication, makeTenant } from '#lib/testing/factories'
import { completeRollout } from '#lib/testing/promotions'
import { makeRelease } from '#lib/testing/releases'

useTestDatabase()

async function makeStage() {
  const tenant = await makeTenant()
  const application = await makeApplication(tenant)
  const manager = await actAs(tenant, 'release_manager')
  const approver = await actAs(tenant, 'approver')
  const release = await makeRelease(tenant, application, 'v1.0.0')
  const ask = (environment: string, more: Record<string, unknown> = {}) =>
    requestPromotion(manager, { application: application.slug, environment, release: release.name, ...more })
  return { tenant, application, manager, approver, release, ask }
}

type Stage = Awaited<ReturnType<typeof makeStage>>

/** Up to and including an environment. */
async function climb({ manager, approver, application }: Stage, release: string, to: 'dev' | 'staging' | 'prod'): Promise<void> {
  for (const environment of ['dev', 'staging', 'prod']) {
    const asked = await requestPromotion(manager, { application: application.slug, environment, release })
    if (asked.state === 'requested') await approvePromotion(approver, { promotion: asked.id, planDigest: asked.planDigest })
    await completeRollout(manager, asked.id)
    if (environment === to) return
  }
}

const stateOf = async (ctx: TenantContext, promotion: string) => (await getPromotion(ctx, { promotion })).state
const countOf = (applicationId: string) => asPlatform((tx) => tx.promotion.count({ where: { applicationId } }))

describe('a plan for a machine that cannot run it', () => {
  async function withFacts(change: Record<string, unknown> | null, work: () => Promise<void>): Promise<void> {
    const key = 'runtime:process'
    const { value } = await asPlatform((tx) => tx.platformSetting.findUniqueOrThrow({ where: { key } }))
    await asPlatform((tx) => tx.platformSetting.delete({ where: { key } }))
    if (change)
      await asPlatform((tx) => tx.platformSetting.create({ data: { key, value: JSON.stringify({ ...(JSON.parse(value) as object), ...change }) } }))
    try {
      await work()
    } finally {
      await asPlatform((tx) => tx.platformSetting.upsert({ where: { key }, create: { key, value }, update: { value } }))
    }
  }

  it.each([
    ['unsupported', 'whose Java is older than the JAR', { java: { version: '17.0.15', level: 17 } }, /needs Java 21; .*17\.0\.15/, /Install Java 21/],
    ['runtime_unavailable', 'without Java', { java: null }, /no Java/, /Install Java 21/],
    ['unsupported', 'with less memory than one replica is given', { memoryMiB: 256 }, /512 MiB.*256 MiB/, /less memory/],
    ['runtime_unavailable', 'whose launcher does not start', { launcher: 'failed' }, /launcher/, /caisson doctor/],
    ['runtime_unavailable', 'of which nothing was ever told', null, /No worker has told/, /Start a worker/],
    ['runtime_unavailable', 'of which nothing can be read', { java: 'yes' }, /No worker has told/, /Start a worker/],
  ] as const)('S2.12: is refused as %s on one %s, on the sheet as by the command, and nothing is written', async (code, _what, facts, words, fix) => {
    const { application, manager, tenant } = await makeStage()
    await makeRelease(tenant, application, 'v2.0.0', { javaLevel: 21 })
    const request = { application: application.slug, environment: 'dev', release: 'v2.0.0' }
    await withFacts(facts, async () => {
      const refusal = { code, message: expect.stringMatching(words), fix: expect.stringMatching(fix) }
      await expect(requestPromotion(manager, request)).rejects.toMatchObject(refusal)
      const sheet = await getSheet(manager, request)
      expect(sheet).toMatchObject({ wouldBe: 'refused', mayRequest: { allowed: false, code, reason: refusal.message, fix: refusal.fix } })
    })
    expect(await countOf(application.id)).toBe(0)
    expect(await requestPromotion(manager, request)).toMatchObject({ state: 'rolling_out' })
  })

  it('never stands in the way of running less: stop, and fewer replicas', async () => {
    const stage = await makeStage()
    const { application, manager } = stage
    const place = { application: application.slug, environment: 'dev' }
    await saveRevision(manager, { ...place, expected: 0, document: { ...defaultConfig, replicas: 3 } })
    await climb(stage, 'v1.0.0', 'dev')
    const sre = await actAs(stage.tenant, 'sre')
    await withFacts({ java: null }, async () => {
      await expect(requestPromotion(sre, { ...place, kind: 'scale', replicas: 4 })).rejects.toMatchObject({ code: 'runtime_unavailable' })
      const fewer = await requestPromotion(sre, { ...place, kind: 'scale', replicas: 1 })
      expect(fewer.state).toBe('rolling_out')
      await completeRollout(manager, fewer.id)
      expect((await requestPromotion(sre, { ...place, kind: 'stop' })).state).toBe('rolling_out')
    })
  })
})

describe('a promotion', () => {
  it('S2.2 S2.12: carries one digest from dev over staging to prod, where another person approves the plan', async () => {
    const stage = await makeStage()
    const { application, manager, approver, release, ask } = stage
    const dev = await ask('dev')
    expect(dev).toMatchObject({ kind: 'deploy', state: 'rolling_out', digest: release.digest, rollout: { phase: 'created' } })
    await completeRollout(manager, dev.id)
    const staging = await ask('staging')
    expect(staging).toMatchObject({ kind: 'promote', state: 'rolling_out' })
    await completeRollout(manager, staging.id)
    const prod = await ask('prod')
    expect(prod).toMatchObject({ kind: 'promote', state: 'requested', rollout: null, may: { approve: { allowed: false } } })
    expect((await getPromotion(approver, { promotion: prod.id })).may.approve).toEqual({ allowed: true })
    const approved = await approvePromotion(approver, { promotion: prod.id, planDigest: prod.planDigest })
    expect(approved).toMatchObject({ state: 'rolling_out', planDigest: prod.planDigest, approvals: [{ counts: true }] })
    await completeRollout(manager, prod.id)
    expect(await stateOf(manager, prod.id)).toBe('completed')
    const desired = await Promise.all([dev, staging, prod].map(({ id }) => manager.read((tx) => loadDesiredState(tx, id))))
    expect(desired.map(({ components }) => components[0]?.digest)).toEqual([release.digest, release.digest, release.digest])
    const actions = await asPlatform((tx) => tx.auditEntry.findMany({ where: { subject: `promotion:${prod.id}` }, orderBy: { at: 'asc' } }))
    expect(actions.map(({ action }) => action).sort()).toEqual([
      'promotion.approved',
      'promotion.claimed',
      'promotion.completed',
      'promotion.requested',
    ])
    const jobs = await asPlatform((tx) => tx.rollout.findMany({ where: { promotionId: prod.id } }))
    expect(jobs).toHaveLength(1)
    void application
  })

  it('S2.16: leaves the release as it is when configuration changes, and says what moved when it changed under an approval', async () => {
    const stage = await makeStage()
    const { application, manager, approver, ask } = stage
    await climb(stage, 'v1.0.0', 'staging')
    const prod = await ask('prod')
    const place = { application: application.slug, environment: 'prod' }
    await saveRevision(manager, { ...place, expected: 0, document: { ...defaultConfig, variables: { A: 'b' } } })
    const seen = approvePromotion(approver, { promotion: prod.id, planDigest: prod.planDigest })
    await expect(seen).rejects.toMatchObject({ code: 'plan_moved', message: expect.stringContaining('configuration revision: 0 → 1') })
    const now = await getPromotion(approver, { promotion: prod.id })
    expect(now.planDigest).not.toBe(prod.planDigest)
    expect(now.moved).toContain('configuration revision: 0 → 1')
    expect(now.plan.release).toEqual(prod.plan.release)
    expect(await approvePromotion(approver, { promotion: prod.id, planDigest: now.planDigest })).toMatchObject({ state: 'rolling_out' })
  })

  it('voids approvals when the plan moves before it is claimed, and returns to requested', async () => {
    const stage = await makeStage()
    const { tenant, application, manager, approver, ask } = stage
    await climb(stage, 'v1.0.0', 'staging')
    const prod = await ask('prod')
    const freeze = await createFreeze(manager, { environment: 'prod', reason: 'year end' })
    expect(await approvePromotion(approver, { promotion: prod.id, planDigest: prod.planDigest })).toMatchObject({ state: 'approved', rollout: null })
    await saveRevision(manager, { application: application.slug, environment: 'prod', expected: 0, document: { ...defaultConfig, replicas: 2 } })
    await liftFreeze(manager, { freeze: freeze.id })
    await advancePromotion(manager, { promotionId: prod.id })
    const now = await getPromotion(approver, { promotion: prod.id })
    expect(now).toMatchObject({ state: 'requested', rollout: null, approvals: [{ counts: false }] })
    expect(now.moved).toContain('replicas: 1 → 2')
    const again = await actAs(tenant, 'approver')
    expect(await approvePromotion(again, { promotion: prod.id, planDigest: now.planDigest })).toMatchObject({ state: 'rolling_out' })
  })

  it('waits through a freeze that began after it was asked for, and goes when it is lifted', async () => {
    const stage = await makeStage()
    const { manager, approver, ask } = stage
    await climb(stage, 'v1.0.0', 'staging')
    const prod = await ask('prod')
    const freeze = await createFreeze(manager, { kind: 'stop_the_line', reason: 'outage', incident: 'INC-1' })
    await approvePromotion(approver, { promotion: prod.id, planDigest: prod.planDigest })
    await advancePromotion(manager, { promotionId: prod.id })
    expect(await stateOf(manager, prod.id)).toBe('approved')
    await liftFreeze(manager, { freeze: freeze.id })
    await advancePromotion(manager, { promotionId: prod.id })
    expect(await stateOf(manager, prod.id)).toBe('rolling_out')
  })

  it('S2.13: passes a gate by a waiver of another person, recorded on the plan', async () => {
    const stage = await makeStage()
    const { application, approver, ask } = stage
    await climb(stage, 'v1.0.0', 'dev')
    await expect(ask('prod')).rejects.toMatchObject({ code: 'gates_blocked' })
    const endsAt = new Date(Date.now() + 86_400_000).toISOString()
    for (const gate of ['order', 'source-health']) {
      await grantWaiver(approver, { application: application.slug, environment: 'prod', gate, reason: 'hotfix', endsAt })
    }
    const prod = await ask('prod')
    expect(prod.gates.filter(({ outcome }) => outcome === 'waived').map(({ gate }) => gate)).toEqual(['order', 'source-health'])
    expect(prod.plan.waivers.map(({ gate }) => gate)).toEqual(['order', 'source-health'])
  })

  it('is replaced by name and by nothing else', async () => {
    const stage = await makeStage()
    const { tenant, application, ask, manager } = stage
    await climb(stage, 'v1.0.0', 'staging')
    await makeRelease(tenant, application, 'v1.1.0')
    const first = await ask('prod')
    await climb(stage, 'v1.1.0', 'staging')
    await expect(ask('prod', { release: 'v1.1.0' })).rejects.toMatchObject({ code: 'conflict', details: { promotionId: first.id } })
    await expect(ask('prod', { release: 'v1.1.0', supersede: 'another' })).rejects.toMatchObject({ code: 'conflict' })
    const second = await ask('prod', { release: 'v1.1.0', supersede: first.id })
    expect(second.state).toBe('requested')
    expect(await getPromotion(manager, { promotion: first.id })).toMatchObject({ state: 'superseded', supersededBy: second.id })
  })

  it('is rejected with a reason, and asked for again as a new one that names the old', async () => {
    const stage = await makeStage()
    const { manager, approver, ask } = stage
    await climb(stage, 'v1.0.0', 'staging')
    const prod = await ask('prod')
    const rejected = await rejectPromotion(approver, { promotion: prod.id, reason: 'Notes are missing.' })
    expect(rejected).toMatchObject({
      state: 'rejected',
      outcome: 'Rejected: Notes are missing.',
      approvals: [{ decision: 'rejected', counts: false }],
    })
    expect(await askAgain(manager, { promotion: prod.id })).toMatchObject({ state: 'requested', retryOf: prod.id, release: 'v1.0.0' })
  })

  it('expires when nothing let it run in time, with its approvals', async () => {
    const stage = await makeStage()
    const { manager, approver, ask } = stage
    await climb(stage, 'v1.0.0', 'staging')
    const prod = await ask('prod')
    await expireApprovals(manager, { promotionId: prod.id })
    expect(await stateOf(manager, prod.id)).toBe('requested')
    await asPlatform((tx) => tx.$executeRaw`update promotion set requested_at = now() - interval '25 hours' where id = ${prod.id}`)
    await expireApprovals(manager, { promotionId: prod.id })
    expect(await stateOf(manager, prod.id)).toBe('expired')
    await expect(approvePromotion(approver, { promotion: prod.id, planDigest: prod.planDigest })).rejects.toMatchObject({ code: 'conflict' })
  })

  it('is cancelled at once while it waits, and asked to stop while it rolls out', async () => {
    const stage = await makeStage()
    const { manager, ask } = stage
    const dev = await ask('dev')
    const asked = await cancelPromotion(manager, { promotion: dev.id })
    expect(asked).toMatchObject({ state: 'rolling_out', rollout: { cancelledAt: expect.any(String) } })
    await expect(cancelPromotion(manager, { promotion: dev.id })).rejects.toMatchObject({ code: 'conflict' })
    await completeRollout(manager, dev.id, { state: 'failed' })
    const retried = await retryPromotion(manager, { promotion: dev.id })
    expect(retried).toMatchObject({ state: 'rolling_out', retryOf: dev.id })
  })
})

describe('operating what runs', () => {
  it('S2.17: applies a revision, scales, stops and starts as promotions of their own, with the release as it is', async () => {
    const stage = await makeStage()
    const { application, manager, tenant } = stage
    await climb(stage, 'v1.0.0', 'dev')
    const sre = await actAs(tenant, 'sre')
    const place = { application: application.slug, environment: 'dev' }
    const run = async (kind: 'config' | 'scale' | 'stop' | 'start' | 'restart', more = {}) => {
      const asked = await requestPromotion(sre, { ...place, kind, ...more })
      expect(asked).toMatchObject({ kind, state: 'rolling_out', release: 'v1.0.0' })
      await completeRollout(manager, asked.id)
      return asked.plan
    }
    await saveRevision(sre, { ...place, expected: 0, document: { ...defaultConfig, variables: { A: 'b' } } })
    expect((await run('config')).config.revision).toBe(1)
    expect(await run('scale', { replicas: 3 })).toMatchObject({ replicas: 3, config: { revision: 2 } })
    await run('restart')
    expect((await run('stop')).replicas).toBe(0)
    await expect(requestPromotion(sre, { ...place, kind: 'restart' })).rejects.toMatchObject({ code: 'conflict' })
    expect((await run('start')).replicas).toBe(3)
  })

  it('S2.11: keeps the configuration of one environment out of another', async () => {
    const stage = await makeStage()
    const { application, manager, ask } = stage
    await climb(stage, 'v1.0.0', 'dev')
    await saveRevision(manager, {
      application: application.slug,
      environment: 'dev',
      expected: 0,
      document: { ...defaultConfig, variables: { ONLY: 'dev' } },
    })
    const staging = await ask('staging')
    const desired = await manager.read((tx) => loadDesiredState(tx, staging.id))
    expect(desired.components[0]?.environment).not.toHaveProperty('ONLY')
    expect(staging.plan.config.revision).toBe(0)
  })
})

describe('a rollback', () => {
  it('S2.14: goes back to the last good release through a freeze, flagged, without a new approval', async () => {
    const stage = await makeStage()
    const { tenant, application, manager } = stage
    await climb(stage, 'v1.0.0', 'prod')
    await makeRelease(tenant, application, 'v1.1.0')
    await climb(stage, 'v1.1.0', 'prod')
    const sre = await actAs(tenant, 'sre')
    await createFreeze(sre, { kind: 'stop_the_line', reason: 'outage', incident: 'INC-2' })
    const place = { application: application.slug, environment: 'prod' }
    const view = await getRollbackCandidates(sre, place)
    expect(view).toMatchObject({ current: { release: 'v1.1.0' }, mayRollBack: { allowed: true } })
    expect(view.candidates).toMatchObject([{ release: 'v1.0.0', isLastGood: true, isBlocked: false }])
    const back = await requestPromotion(sre, { ...place, kind: 'rollback', release: 'v1.0.0', reason: 'orders fail', incident: 'INC-2' })
    expect(back).toMatchObject({ kind: 'rollback', state: 'rolling_out', reason: 'orders fail', incident: 'INC-2' })
    expect(back.plan.freezeExemptions).toHaveLength(1)
    expect(back.gates.find(({ gate }) => gate === 'freeze')).toMatchObject({ outcome: 'passed', reason: expect.stringContaining('Exempt') })
    await completeRollout(manager, back.id)
    const history = await asPlatform((tx) => tx.promotion.findMany({ where: { applicationId: application.id, kind: 'rollback' } }))
    expect(history).toMatchObject([{ state: 'completed', releaseId: stage.release.id }])
  })

  it('S2.14: has nowhere to go when nothing else ever completed here', async () => {
    const stage = await makeStage()
    await climb(stage, 'v1.0.0', 'dev')
    await expect(stage.ask('dev', { kind: 'rollback' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('nothing to go back to'),
    })
  })

  it('takes the configuration as it is now, or as it was then', async () => {
    const stage = await makeStage()
    const { tenant, application, manager, ask } = stage
    await climb(stage, 'v1.0.0', 'dev')
    await saveRevision(manager, { application: application.slug, environment: 'dev', expected: 0, document: { ...defaultConfig, replicas: 2 } })
    await makeRelease(tenant, application, 'v1.1.0')
    await climb(stage, 'v1.1.0', 'dev')
    const then = await ask('dev', { kind: 'rollback', config: 'then', reason: 'errors' })
    expect(then.plan).toMatchObject({ config: { revision: 0 }, replicas: 1 })
    await completeRollout(manager, then.id, { state: 'failed' })
    const now = await ask('dev', { kind: 'rollback', reason: 'errors' })
    expect(now.plan).toMatchObject({ config: { revision: 1 }, replicas: 2 })
  })
})

describe('races', () => {
  it('leave one unsettled promotion of twenty that ask at once; the others are told which', async () => {
    const { application, ask } = await makeStage()
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => ask('dev')))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const [winner] = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.id] : []))
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'conflict', details: { promotionId: winner } })
    }
    expect(await countOf(application.id)).toBe(1)
    expect(await asPlatform((tx) => tx.rollout.count({ where: { promotionId: winner ?? '' } }))).toBe(1)
  }, 60_000)

  it('count one approval of a person who approves many times at once', async () => {
    const stage = await makeStage()
    await climb(stage, 'v1.0.0', 'staging')
    const prod = await stage.ask('prod')
    const decision = { promotion: prod.id, planDigest: prod.planDigest }
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => approvePromotion(stage.approver, decision)))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'conflict' })
    expect(await asPlatform((tx) => tx.approval.count({ where: { promotionId: prod.id } }))).toBe(1)
    expect(await asPlatform((tx) => tx.rollout.count({ where: { promotionId: prod.id } }))).toBe(1)
  }, 60_000)

  it('never run a plan that was not approved when configuration is saved in the same moment', async () => {
    const stage = await makeStage()
    const { application, manager, approver, ask } = stage
    await climb(stage, 'v1.0.0', 'staging')
    const prod = await ask('prod')
    const document = { ...defaultConfig, variables: { RACE: '1' } }
    await Promise.allSettled([
      approvePromotion(approver, { promotion: prod.id, planDigest: prod.planDigest }),
      saveRevision(manager, { application: application.slug, environment: 'prod', expected: 0, document }),
    ])
    const after = await asPlatform((tx) => tx.promotion.findUniqueOrThrow({ where: { id: prod.id } }))
    if (after.state === 'rolling_out') expect(after.planDigest).toBe(prod.planDigest)
    else expect(after.state).toBe('requested')
    const consumed = await asPlatform((tx) => tx.approval.findMany({ where: { promotionId: prod.id, consumedAt: { not: null } } }))
    for (const approval of consumed) expect(approval.planDigest).toBe(after.planDigest)
  }, 60_000)
})

describe('a preview on its way to production', () => {
  it('S4.5 S4.15: is refused by the contract, whatever the policy turns on, until somebody else waives it by name with a reason', async () => {
    const stage = await makeStage()
    const { manager, approver, application, tenant } = stage
    await makeRelease(tenant, application, 'v1.1.0-preview1')
    const climbed = { application: application.slug, release: 'v1.1.0-preview1' }
    await climb(stage, climbed.release, 'staging')
    const ask = () => requestPromotion(manager, { ...climbed, environment: 'prod' })
    await expect(ask()).rejects.toMatchObject({ code: 'gates_blocked', message: expect.stringContaining('out of contract') })
    const waiver = { application: application.slug, environment: 'prod', gate: 'contract', endsAt: new Date(Date.now() + 3_600_000).toISOString() }
    await expect(grantWaiver(manager, { ...waiver, reason: 'mine' })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(grantWaiver(approver, { ...waiver, reason: ' ' })).rejects.toThrow('reason')
    await grantWaiver(approver, { ...waiver, reason: 'a fair on Friday' })
    const approverId = approver.actor.kind === 'person' ? approver.actor.id : ''
    const asked = await ask()
    expect(asked.gates.find(({ gate }) => gate === 'contract')).toMatchObject({
      outcome: 'waived',
      mode: 'block',
      waiver: { by: approver.actor.kind === 'person' ? approver.actor.name : '', reason: 'a fair on Friday' },
    })
    const rows = await asPlatform((tx) => tx.waiver.findMany({ where: { tenantId: tenant.id } }))
    expect(rows).toMatchObject([{ gate: 'contract', reason: 'a fair on Friday', grantedBy: approverId }])
    await approvePromotion(approver, { promotion: asked.id, planDigest: asked.planDigest })
    expect(await stateOf(manager, asked.id)).toBe('rolling_out')
  })
})
