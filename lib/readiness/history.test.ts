import { describe, expect, it } from 'vitest'
import { asPlatform, actAs, makeTenant } from '#lib/testing/factories'
import { forgetHistory } from '#lib/readiness/commands/forget-history'
import { observeTarget, type ReadinessParts } from '#lib/readiness/commands/observe-target'
import { uptimeOf, withoutStale, type HistoryInterval } from '#lib/readiness/history'
import { getReadinessHistory } from '#lib/readiness/queries/get-history'
import { getDeployment, getReadiness } from '#lib/readiness/queries/get-readiness'
import { getBoard } from '#lib/promotions/queries/get-board'
import { useTestDatabase } from '#lib/testing/database'
import { makeRolloutStage, type RolloutStage } from '#lib/testing/rollouts'

useTestDatabase()

const hour = 3_600_000
const at = (hours: number) => new Date(hours * hour).toISOString()
const interval = (state: HistoryInterval['state'], from: number, until: number | null, ready = 1): HistoryInterval => ({
  state,
  reason: '',
  ready,
  wanted: 2,
  from: at(from),
  until: until === null ? null : at(until),
})

describe('uptime', () => {
  it('counts time in which nobody looked neither as up nor as down, and stopped or absent time not at all', () => {
    const intervals = [
      interval('ready', 2, 10),
      interval('unknown', 10, 14),
      interval('degraded', 14, 16),
      interval('not_ready', 16, 17, 0),
      interval('stopped', 17, 20),
      interval('ready', 20, null),
    ]
    const uptime = uptimeOf(intervals, 0, 24 * hour)
    expect(uptime).toMatchObject({
      readyMs: 12 * hour,
      degradedMs: 2 * hour,
      downMs: hour,
      unknownMs: 4 * hour,
      stoppedMs: 3 * hour,
      absentMs: 2 * hour,
    })
    expect([uptime.ready, uptime.serving]).toEqual([12 / 15, 14 / 15])
    expect(uptimeOf([interval('unknown', 0, null)], 0, hour)).toMatchObject({ ready: null, serving: null, unknownMs: hour })
    expect(uptimeOf([interval('degraded', 0, null, 0)], 0, hour)).toMatchObject({ serving: 0, downMs: hour })
  })

  it('lets what stands end with the last look when that is too long ago', () => {
    const standing = interval('ready', 1, null)
    expect(withoutStale(standing, at(2), 30_000, 2 * hour + 30_000)).toEqual([standing])
    expect(withoutStale(standing, at(2), 30_000, 5 * hour)).toEqual([
      { ...standing, until: at(2) },
      { state: 'unknown', reason: 'not_observed', ready: 0, wanted: 2, from: at(2), until: null },
    ])
  })
})

async function running() {
  const stage = await makeRolloutStage({ replicas: 2 })
  const asked = await stage.ask('v1.0.0')
  await stage.settle(asked.rolloutId)
  const parts: ReadinessParts = {
    driverFor: () => stage.runtime,
    probe: stage.runtime.probe,
    memory: new Map(),
    signal: new AbortController().signal,
  }
  const look = () => observeTarget(stage.system, parts, stage.rows)
  await look()
  return { ...stage, parts, look, asked }
}

const rowsOf = ({ rows }: Pick<RolloutStage, 'rows'>, replicaId: string) =>
  asPlatform((tx) => tx.readinessChange.findMany({ where: { ...rows, replicaId }, orderBy: [{ fromAt: 'asc' }, { id: 'asc' }] }))

/** As if the last look had been so long ago. */
const lookedAgo = (stage: Pick<RolloutStage, 'rows'>, seconds: number) =>
  asPlatform(async (tx) => {
    await tx.$executeRaw`update readiness_change set from_at = from_at - interval '1 hour', until_at = until_at - interval '1 hour' where application_id = ${stage.rows.applicationId}`
    await tx.$executeRaw`update deployment set observed_at = now() - ${seconds} * interval '1 second' where application_id = ${stage.rows.applicationId}`
  })

describe('the history of a deployment', () => {
  it('S3.13: is written with each change of it and of its replicas, with its reason code, without gaps, and only one interval stands', async () => {
    const stage = await running()
    const [id = ''] = stage.runtime.replicas.keys()
    stage.runtime.end(id, 'exit_137')
    await stage.look()
    Object.assign(stage.runtime.replicas.get(id) ?? {}, { state: 'running', reason: '', startedAt: new Date(Date.now() + 1) })
    await stage.look()
    const rows = await rowsOf(stage, '')
    expect(rows.slice(-3).map(({ state, reason, ready, wanted }) => [state, reason, ready, wanted])).toEqual([
      ['ready', '', 2, 2],
      ['degraded', 'exit_137', 1, 2],
      ['ready', '', 2, 2],
    ])
    expect(rows.filter(({ untilAt }) => untilAt === null)).toHaveLength(1)
    for (const [index, row] of rows.slice(0, -1).entries()) expect(row.untilAt).toEqual(rows[index + 1]?.fromAt)
    expect((await rowsOf(stage, id)).map(({ state }) => state)).toEqual(['starting', 'ready', 'exited', 'ready'])
    for (let n = 0; n < 3; n += 1) await stage.look()
    expect(await rowsOf(stage, '')).toHaveLength(rows.length)
  })

  it('has the time in which the prober was away as unknown, from the last look to the first one after', async () => {
    const stage = await running()
    await lookedAgo(stage, 600)
    await stage.look()
    const [before, gap, after] = (await rowsOf(stage, '')).slice(-3)
    expect([before?.state, gap?.state, gap?.reason, after?.state]).toEqual(['ready', 'unknown', 'not_observed', 'ready'])
    expect(before?.untilAt).toEqual(gap?.fromAt)
    expect(gap?.untilAt).toEqual(after?.fromAt)
    expect((gap?.untilAt?.getTime() ?? 0) - (gap?.fromAt.getTime() ?? 0)).toBeGreaterThanOrEqual(599_000)
    const { places } = await getReadinessHistory(stage.manager, { days: 1 })
    expect(places[0]?.lastDay.unknownMs).toBeGreaterThanOrEqual(599_000)
    expect(places[0]?.lastDay.serving).toBe(1)
  })

  it('is forgotten when it ended long ago; what stands stays', async () => {
    const stage = await running()
    await forgetHistory(-60_000)
    expect((await rowsOf(stage, '')).map(({ state, untilAt }) => [state, untilAt])).toEqual([['ready', null]])
  })

  it('is seen by its tenant only', async () => {
    const stage = await running()
    const stranger = await actAs(await makeTenant(), 'tenant_admin')
    expect((await getReadinessHistory(stranger, { days: 7 })).places).toEqual([])
    await expect(getReadinessHistory(stranger, { days: 7, application: stage.application.slug })).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('a stale observation', () => {
  it('is unknown everywhere by the database’s clock, never green, and so are its replicas', async () => {
    const stage = await running()
    await lookedAgo(stage, 40)
    const view = await getDeployment(stage.manager, stage.place)
    expect(view).toMatchObject({ state: 'unknown', reason: 'not_observed', readyReplicas: 0, readySince: null })
    expect(view.replicas.map(({ state, reason }) => `${state} ${reason}`)).toEqual(['unknown not_observed', 'unknown not_observed'])
    expect(view.components).toMatchObject([{ name: 'app', state: 'unknown', reason: 'not_observed' }])
    const board = await getBoard(stage.manager)
    expect(board.rows[0]?.cells.find(({ environment }) => environment === 'dev')?.running).toMatchObject({
      state: 'unknown',
      reason: 'not_observed',
      readyReplicas: 0,
    })
    const history = await getReadinessHistory(stage.manager, { days: 1 })
    expect(history.places[0]?.intervals.at(-1)).toMatchObject({ state: 'unknown', reason: 'not_observed', until: null })
  })
})

describe('a deploy that failed', () => {
  it('stands apart from how what runs is doing: the old release is ready, the failed one is named with its reason', async () => {
    const stage = await running()
    stage.runtime.behaviour = () => 'never_ready'
    const next = await stage.ask('v1.1.0')
    await stage.settle(next.rolloutId)
    await stage.look()
    const { environments } = await getReadiness(stage.manager, { environment: 'dev' })
    const [view] = environments[0]?.deployments ?? []
    expect(view).toMatchObject({ state: 'ready', promised: { release: 'v1.0.0' } })
    expect(view?.failedDeploy).toMatchObject({
      release: 'v1.1.0',
      state: 'failed',
      phase: 'applying',
      reason: 'replica_not_ready',
      promotionId: next.promotionId,
    })
    stage.runtime.behaviour = () => 'ready'
    const again = await stage.ask('v1.1.0')
    await stage.settle(again.rolloutId)
    expect((await getDeployment(stage.manager, stage.place)).failedDeploy).toBeNull()
  })

  it('is told where nothing of it was left to run', async () => {
    const stage = await makeRolloutStage({ replicas: 1 })
    stage.runtime.behaviour = () => 'exits'
    const asked = await stage.ask('v1.0.0')
    await stage.settle(asked.rolloutId)
    const { environments } = await getReadiness(stage.manager, { environment: 'dev' })
    expect(environments[0]?.deployments).toEqual([])
    expect(environments[0]?.failedDeploys).toMatchObject([{ application: stage.application.slug, release: 'v1.0.0', reason: 'replica_exited' }])
  })
})
