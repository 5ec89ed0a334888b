// the clock of the machine is set forwards or back by an hour while deployments are watched.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { observeTarget, type ReadinessParts } from '#lib/readiness/commands/observe-target'
import { startProber } from '#lib/readiness/commands/start-prober'
import { getDeployment } from '#lib/readiness/queries/get-readiness'
import { useTestDatabase } from '#lib/testing/database'
import { eventually } from '#lib/testing/eventually'
import { asPlatform } from '#lib/testing/factories'
import { makeRelease } from '#lib/testing/releases'
import { makeRolloutStage, scriptedSpec, type RolloutStage } from '#lib/testing/rollouts'

useTestDatabase()
const hourMs = 3_600_000
afterEach(() => void vi.useRealTimers())

function setClock(byMs: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs, shouldAdvanceTime: true })
}

function partsOf({ runtime }: RolloutStage, signal = new AbortController().signal): ReadinessParts {
  return { driverFor: () => runtime, probe: runtime.probe, memory: new Map(), signal }
}

async function running(startPeriodMs: number) {
  const stage = await makeRolloutStage({ replicas: 1 })
  const readiness = { ...scriptedSpec.readiness, startPeriodMs }
  await makeRelease(stage.tenant, stage.application, 'v2.0.0', { spec: { ...scriptedSpec, readiness } })
  const { rolloutId } = await stage.ask('v2.0.0')
  await stage.settle(rolloutId)
  const [id = ''] = stage.runtime.replicas.keys()
  return { ...stage, replica: stage.runtime.replicas.get(id) ?? expect.fail('there is none') }
}

describe('R-15: a clock that is set by an hour', () => {
  it('forwards, leaves what is starting its whole start period', async () => {
    const stage = await running(hourMs / 2)
    // Started again by its launcher, and not ready yet.
    Object.assign(stage.replica, { startedAt: new Date(), behaviour: 'never_ready' })
    const parts = partsOf(stage)
    const look = async () => (await observeTarget(stage.system, parts, stage.rows))?.readings?.[0]?.state
    expect(await look()).toBe('starting')
    setClock(hourMs)
    for (const end = performance.now() + 1000; performance.now() < end;) expect(await look()).toBe('starting')
    stage.replica.behaviour = 'ready'
    await eventually('it is ready', async () => (await look()) === 'ready')
  })

  it('back, keeps the prober looking: what fails is called so, and what is well is not unknown', async () => {
    const stage = await running(0)
    const stopping = new AbortController()
    const ended = startProber({ parts: partsOf(stage, stopping.signal), tickMs: 5, isLeader: () => Promise.resolve(true) })
    const stateIs = (state: string) => eventually(`it is ${state}`, async () => (await stage.deployment())?.state === state)
    await stateIs('ready')
    setClock(-hourMs)
    stage.replica.behaviour = 'never_ready'
    await stateIs('not_ready')
    stage.replica.behaviour = 'ready'
    await stateIs('ready')
    stopping.abort()
    await ended
    expect(await stage.deployment()).toMatchObject({ state: 'ready', readyReplicas: 1 })
  })

  it('back in the database, has nothing called ready by what was observed later than now, until it is looked at again', async () => {
    const stage = await running(0)
    const parts = partsOf(stage)
    await observeTarget(stage.system, parts, stage.rows)
    expect(await getDeployment(stage.manager, stage.place)).toMatchObject({ state: 'ready', readyReplicas: 1 })
    // To what was written, a clock that is set back is its own times that lie ahead.
    await asPlatform((tx) => tx.$executeRaw`update deployment set observed_at = observed_at + interval '1 hour'`)
    expect(await getDeployment(stage.manager, stage.place)).toMatchObject({ state: 'unknown', reason: 'not_observed', readyReplicas: 0 })
    await observeTarget(stage.system, parts, stage.rows)
    expect(await getDeployment(stage.manager, stage.place)).toMatchObject({ state: 'ready', readyReplicas: 1 })
  })
})
