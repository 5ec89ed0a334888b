import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { observeTarget, type ReadinessParts } from '#lib/readiness/commands/observe-target'
import { raiseMissing } from '#lib/readiness/commands/raise-missing'
import { getDeployment, getEnvironmentReadiness } from '#lib/readiness/queries/get-readiness'
import { newHistory } from '#lib/readiness/readiness'
import { streamLogs } from '#lib/readiness/queries/stream-logs'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform, makeTenant } from '#lib/testing/factories'
import { makeRolloutStage, type RolloutStage } from '#lib/testing/rollouts'

useTestDatabase()

async function running(replicas = 2) {
  const stage = await makeRolloutStage({ replicas })
  const asked = await stage.ask('v1.0.0')
  await stage.settle(asked.rolloutId)
  return { ...stage, parts: partsOf(stage), asked }
}

function partsOf({ runtime }: RolloutStage): ReadinessParts {
  return { driverFor: () => runtime, probe: runtime.probe, memory: new Map(), signal: new AbortController().signal }
}

describe('watching a deployment', () => {
  it('knows nothing right after a takeover but what it asks itself, and says ready only by a probe', async () => {
    const { system, rows, parts, manager, place } = await running()
    const silent: ReadinessParts = { ...parts, probe: () => Promise.resolve({ isReady: false, reason: 'timeout' }) }
    expect((await observeTarget(system, silent, rows))?.assessment.state).not.toBe('ready')
    expect((await observeTarget(system, { ...parts, memory: new Map() }, rows))?.assessment).toMatchObject({ state: 'ready', readyReplicas: 2 })
    const view = await getDeployment(manager, place)
    expect(view).toMatchObject({ state: 'ready', promised: { release: 'v1.0.0' }, wantedReplicas: 2, readySince: expect.any(String) })
    expect(view.replicas.map(({ state, drift }) => `${state} ${drift}`)).toEqual(['ready none', 'ready none'])
  })

  it('never puts what it remembers from before over what a rollout has verified since', async () => {
    const { system, rows, parts, runtime, deployment } = await running()
    for (const [id, { startedAt }] of runtime.replicas) {
      const history = { ...newHistory(performance.now()), lastFailure: 'connection_refused', probedAtMs: performance.now() }
      parts.memory.set(id, { startedAt: startedAt?.getTime() ?? 0, history })
    }
    expect((await observeTarget(system, parts, rows))?.assessment).toMatchObject({ state: 'ready', readyReplicas: 2 })
    expect(await deployment()).toMatchObject({ state: 'ready', readyReplicas: 2 })
  })

  it('a replica that dies after it was ready degrades the deployment; the promotion stays completed', async () => {
    const { system, rows, parts, runtime, deployment, promotionOf, asked } = await running()
    await observeTarget(system, parts, rows)
    const [id = ''] = runtime.replicas.keys()
    runtime.end(id, 'exit_137')
    await observeTarget(system, parts, rows)
    expect(await deployment()).toMatchObject({ state: 'degraded', stateReason: 'exit_137', readyReplicas: 1, readySince: null })
    expect((await promotionOf(asked.promotionId)).state).toBe('completed')
  })

  it('writes nothing while nothing changes', async () => {
    const { system, rows, parts, tenant } = await running()
    await observeTarget(system, parts, rows)
    const events = () => asPlatform((tx) => tx.liveEvent.count({ where: { tenantId: tenant.id } }))
    const before = [await events(), (await asPlatform((tx) => tx.deployment.findFirstOrThrow({ where: rows }))).observedAt]
    for (let n = 0; n < 5; n += 1) await observeTarget(system, parts, rows)
    expect([await events(), (await asPlatform((tx) => tx.deployment.findFirstOrThrow({ where: rows }))).observedAt]).toEqual(before)
  })

  it('dates what it saw by when it looked, however long its database kept it waiting', async () => {
    const { system, rows, parts, runtime, deployment } = await running()
    await observeTarget(system, parts, rows)
    const [id = ''] = runtime.replicas.keys()
    runtime.end(id, 'exit_137')
    let looking: Promise<unknown> = Promise.resolve()
    await asPlatform(async (tx) => {
      await tx.$queryRaw`select 1 from deployment where environment_id = ${rows.environmentId} for update`
      looking = observeTarget(system, parts, rows)
      await sleep(1500)
    })
    const releasedAt = Date.now()
    await looking
    const after = await deployment()
    expect(after?.state).toBe('degraded')
    expect(releasedAt - (after?.observedAt?.getTime() ?? 0)).toBeGreaterThan(1000)
    const { observedAt: replicaAt } = await asPlatform((tx) => tx.replica.findUniqueOrThrow({ where: { id } }))
    expect(releasedAt - replicaAt.getTime()).toBeGreaterThan(1000)
  })

  it('says unknown when the runtime does not answer, and does not forget since when it was ready', async () => {
    const { system, rows, parts, runtime, deployment } = await running()
    await observeTarget(system, parts, rows)
    runtime.isAvailable = false
    await observeTarget(system, parts, rows)
    expect(await deployment()).toMatchObject({ state: 'unknown', stateReason: 'runtime_unreachable', readySince: expect.any(Date) })
  })
})

describe('what is promised and not there', () => {
  it('is raised again under the same ids, once, with an entry; a crash is left to the launcher', async () => {
    const { system, rows, parts, runtime, replicas, asked, deployment } = await running()
    const ids = [...runtime.replicas.keys()].toSorted()
    runtime.replicas.clear()
    const look = async () => {
      const seen = await observeTarget(system, parts, rows)
      return seen ? raiseMissing(system, parts, rows, seen) : []
    }
    expect((await look()).toSorted()).toEqual(ids)
    expect(await look()).toEqual([])
    expect((await replicas()).map(({ id, state }) => `${id} ${state}`)).toEqual(ids.map((id) => `${id} ready`))
    expect(await deployment()).toMatchObject({ state: 'ready', promotionId: asked.promotionId })
    expect(await asPlatform((tx) => tx.auditEntry.count({ where: { action: 'deployment.raised' } }))).toBe(1)
    runtime.end(ids[0] ?? '', 'exit_1')
    expect(await look()).toEqual([])
    expect(runtime.idsOf('start')).toHaveLength(4)
  })

  it('is left alone while a rollout is in flight or when it is stopped', async () => {
    const stage = await running()
    const { system, rows, parts, runtime } = stage
    runtime.replicas.clear()
    const next = await stage.ask('v1.1.0')
    const seen = await observeTarget(system, parts, rows)
    expect(seen && (await raiseMissing(system, parts, rows, seen))).toEqual([])
    await stage.settle(next.rolloutId)
    const stop = await stage.ask('v1.1.0', { kind: 'stop', release: undefined })
    await stage.settle(stop.rolloutId)
    const stopped = await observeTarget(system, parts, rows)
    expect(stopped?.assessment).toMatchObject({ state: 'stopped' })
    expect(stopped && (await raiseMissing(system, parts, rows, stopped))).toEqual([])
    expect(runtime.replicas.size).toBe(0)
  })
})

describe('a watched deployment', () => {
  it('is seen by its tenant only, and so are the logs of its replicas', async () => {
    const { manager, place, runtime } = await running(1)
    const [replica = ''] = runtime.replicas.keys()
    const stranger = await actAs(await makeTenant(), 'tenant_admin')
    const input = { ...place, replica, follow: false }
    const signal = new AbortController().signal
    await expect(getDeployment(stranger, place)).rejects.toMatchObject({ code: 'not_found' })
    await expect(streamLogs(stranger, () => runtime, input, signal)).rejects.toMatchObject({ code: 'not_found' })
    await expect(streamLogs(manager, () => runtime, { ...input, replica: 'r-unknown' }, signal)).rejects.toMatchObject({ code: 'not_found' })
    const lines: string[] = []
    for await (const text of await streamLogs(manager, () => runtime, input, signal)) lines.push(text)
    expect(lines).toEqual([`hello from ${replica}\n`])
    expect((await getEnvironmentReadiness(manager, { environment: 'dev' })).deployments).toHaveLength(1)
  })

  it('keeps the log of a replica that a rollout took away, for its tenant only', async () => {
    const stage = await running(1)
    const [replica = ''] = stage.runtime.replicas.keys()
    const next = await stage.ask('v1.1.0')
    await stage.settle(next.rolloutId)
    expect([...stage.runtime.replicas.keys()]).not.toContain(replica)
    const stranger = await actAs(await makeTenant(), 'tenant_admin')
    const input = { ...stage.place, replica, follow: false }
    const signal = new AbortController().signal
    await expect(streamLogs(stranger, () => stage.runtime, input, signal)).rejects.toMatchObject({ code: 'not_found' })
    const lines: string[] = []
    for await (const text of await streamLogs(stage.manager, () => stage.runtime, input, signal)) lines.push(text)
    expect(lines).toEqual([`hello from ${replica}\n`])
  })
})
