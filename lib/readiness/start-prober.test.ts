import { describe, expect, it } from 'vitest'
import { startProber } from '#lib/readiness/commands/start-prober'
import type { ReadinessParts } from '#lib/readiness/commands/observe-target'
import { useTestDatabase } from '#lib/testing/database'
import { eventually } from '#lib/testing/eventually'
import { asPlatform } from '#lib/testing/factories'
import { makeRolloutStage, type RolloutStage } from '#lib/testing/rollouts'

useTestDatabase()

function watch({ runtime }: RolloutStage, isLeader: () => Promise<boolean> = () => Promise.resolve(true)) {
  const stopping = new AbortController()
  const parts: ReadinessParts = { driverFor: () => runtime, probe: runtime.probe, memory: new Map(), signal: stopping.signal }
  const ended = startProber({ parts, tickMs: 5, isLeader })
  return { stop: () => (stopping.abort(), ended) }
}

describe('the prober', () => {
  it('keeps out of the way of rollouts: through three of them the rows end as what runs, and the state is theirs', async () => {
    const stage = await makeRolloutStage()
    const prober = watch(stage)
    for (const release of ['v1.0.0', 'v1.1.0', 'v1.0.0']) {
      const { rolloutId, promotionId } = await stage.ask(release)
      await stage.settle(rolloutId)
      expect(await stage.promotionOf(promotionId)).toMatchObject({ state: 'completed' })
    }
    await eventually('every row is a replica that runs', async () => {
      const rows = await stage.replicas()
      return rows.length === 3 && rows.every(({ id, state }) => state === 'ready' && stage.runtime.replicas.has(id))
    })
    await eventually('it is ready', async () => (await stage.deployment())?.state === 'ready')
    expect(stage.runtime.effects.filter(({ act }) => act === 'start')).toHaveLength(9)
    await prober.stop()
    expect(await asPlatform((tx) => tx.auditEntry.count({ where: { action: 'deployment.raised' } }))).toBe(0)
  })

  it('sees a crash and a recovery by itself, and raises what went missing', async () => {
    const stage = await makeRolloutStage({ replicas: 2 })
    const { rolloutId } = await stage.ask('v1.0.0')
    await stage.settle(rolloutId)
    const prober = watch(stage)
    const stateIs = (state: string) => eventually(`it is ${state}`, async () => (await stage.deployment())?.state === state)
    await stateIs('ready')
    const ids = [...stage.runtime.replicas.keys()]
    const [id = ''] = ids
    stage.runtime.end(id, 'exit_1')
    await stateIs('degraded')
    Object.assign(stage.runtime.replicas.get(id) ?? {}, { state: 'running', reason: '', startedAt: new Date(Date.now() + 1) })
    await stateIs('ready')
    stage.runtime.replicas.clear()
    await eventually('both are back', () => ids.every((one) => stage.runtime.replicas.has(one)))
    await stateIs('ready')
    await prober.stop()
    expect((await stage.replicas()).map(({ id, state }) => `${id} ${state}`)).toEqual(ids.toSorted().map((one) => `${one} ready`))
  })

  it('does nothing while another leads', async () => {
    const stage = await makeRolloutStage({ replicas: 1 })
    const { rolloutId } = await stage.ask('v1.0.0')
    await stage.settle(rolloutId)
    let asked = 0
    const prober = watch(stage, () => Promise.resolve((asked += 1) < 0))
    stage.runtime.replicas.clear()
    await eventually('it asked whether it leads', () => asked > 5)
    await prober.stop()
    expect(stage.runtime.replicas.size).toBe(0)
  })
})
