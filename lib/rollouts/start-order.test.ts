import { describe, expect, it } from 'vitest'
import { observeTarget, type ReadinessParts } from '#lib/readiness/commands/observe-target'
import { raiseMissing } from '#lib/readiness/commands/raise-missing'
import { getDeployment } from '#lib/readiness/queries/get-readiness'
import type { ComponentSpec, Dependency } from '#lib/tenants/component-spec'
import { useTestDatabase } from '#lib/testing/database'
import { makeRelease } from '#lib/testing/releases'
import { makeRolloutStage, scriptedSpec } from '#lib/testing/rollouts'

useTestDatabase()

const after = (condition: Dependency['condition'], ...names: string[]): Partial<ComponentSpec> => ({
  ...scriptedSpec,
  dependsOn: names.map((component) => ({ component, condition })),
})
/** By name the other way round than it starts, so that no order but that of the graph helps. */
const stack: Record<string, Partial<ComponentSpec>> = {
  'a-gateway': after('healthy', 'b-api', 'd-sts'),
  'b-api': after('healthy', 'd-sts'),
  'c-coordinator': after('healthy', 'd-sts'),
  'd-sts': after('completed', 'f-init'),
  'e-audit': after('completed', 'f-init'),
  'f-init': { ...after('healthy', 'g-postgres', 'h-redis'), runs: 'once' },
  'g-postgres': scriptedSpec,
  'h-redis': scriptedSpec,
}

async function makeStack() {
  const stage = await makeRolloutStage({ replicas: 1 })
  await makeRelease(stage.tenant, stage.application, 'v2.0.0', { components: stack })
  const parts: ReadinessParts = {
    driverFor: () => stage.runtime,
    probe: stage.runtime.probe,
    memory: new Map(),
    signal: new AbortController().signal,
  }
  const run = async () => {
    const asked = await stage.ask('v2.0.0')
    await stage.settle(asked.rolloutId)
    await observeTarget(stage.system, parts, stage.rows)
    return stage.rolloutOf(asked.rolloutId)
  }
  const components = async () => Object.fromEntries((await getDeployment(stage.manager, stage.place)).components.map((one) => [one.name, one]))
  const started = () =>
    stage.runtime.effects.filter(({ act }) => act === 'start').map(({ replicaId }) => stage.runtime.replicas.get(replicaId)?.component ?? '')
  return { ...stage, parts, run, components, started }
}

const only = (bad: string, turns: 'exits' | 'never_ready') => (_digest: string, _nth: number, component: string) =>
  component === bad ? turns : component === 'f-init' ? ('completes' as const) : ('ready' as const)

describe('a release of several components', () => {
  it('S3.3: starts wave by wave, each once the one before is ready or has done its work, and S3.26: shows init as completed', async () => {
    const stage = await makeStack()
    stage.runtime.behaviour = only('', 'exits')
    const { steps, settledAt } = await stage.run()
    expect(settledAt).not.toBeNull()
    const waves = Map.groupBy(steps, ({ wave }) => wave)
    expect([...waves.values()].map((wave) => wave.map(({ component }) => component).toSorted())).toEqual([
      ['g-postgres', 'h-redis'],
      ['f-init'],
      ['d-sts', 'e-audit'],
      ['b-api', 'c-coordinator'],
      ['a-gateway'],
    ])
    for (const step of steps) {
      const before = steps.filter(({ wave }) => wave < step.wave)
      for (const one of before) expect(one.observedAt?.getTime()).toBeLessThanOrEqual(step.intentAt?.getTime() ?? 0)
    }
    const seen = await stage.components()
    expect(seen['f-init']).toMatchObject({ state: 'completed', reason: 'completed', wave: 1 })
    expect(Object.values(seen).map(({ state }) => state)).toEqual(['ready', 'ready', 'completed', 'ready', 'ready', 'ready', 'ready', 'ready'])
    expect(await stage.deployment()).toMatchObject({ state: 'ready', wantedReplicas: 8 })
  })

  it('S3.4: starts none of the four that wait for init when init ends with 1, and says so', async () => {
    const stage = await makeStack()
    stage.runtime.behaviour = only('f-init', 'exits')
    const { reason, message } = await stage.run()
    expect([reason, message]).toEqual(['replica_exited', expect.stringContaining('exit_1')])
    expect(stage.runtime.idsOf('start')).toHaveLength(3)
    const seen = await stage.components()
    expect([seen['g-postgres']?.state, seen['h-redis']?.state]).toEqual(['ready', 'ready'])
    for (const name of ['d-sts', 'e-audit'])
      expect(seen[name]).toMatchObject({ state: 'waiting', waitsFor: [{ component: 'f-init', condition: 'completed' }] })
    for (const name of ['b-api', 'c-coordinator']) expect(seen[name]).toMatchObject({ state: 'waiting', waitsFor: [{ component: 'd-sts' }] })
    expect((await getDeployment(stage.manager, stage.place)).failedDeploy).toMatchObject({ reason: 'replica_exited', release: 'v2.0.0' })
  })

  it('S3.5: keeps api and coordinator waiting for an sts that is stuck, and S3.6: the gateway for both', async () => {
    const stage = await makeStack()
    stage.runtime.behaviour = only('d-sts', 'never_ready')
    await stage.run()
    expect(stage.started()).not.toContain('b-api')
    const seen = await stage.components()
    for (const name of ['b-api', 'c-coordinator'])
      expect(seen[name]).toMatchObject({ state: 'waiting', reason: 'waiting', waitsFor: [{ component: 'd-sts' }] })
    expect(seen['a-gateway']?.waitsFor.map(({ component }) => component)).toEqual(['b-api', 'd-sts'])
  })

  it('S3.3: what went missing is raised in the same order, and what did its work is not done again', async () => {
    const stage = await makeStack()
    stage.runtime.behaviour = only('', 'exits')
    await stage.run()
    for (const [id, { component }] of stage.runtime.replicas) if (component !== 'f-init') stage.runtime.replicas.delete(id)
    const rounds: string[][] = []
    for (let round = 0; round < 5; round += 1) {
      const seen = await observeTarget(stage.system, stage.parts, stage.rows)
      const ids = seen ? await raiseMissing(stage.system, stage.parts, stage.rows, seen) : []
      rounds.push(ids.map((id) => stage.runtime.replicas.get(id)?.component ?? '').toSorted())
    }
    // Init has done its work, so nothing waits for it any more; the others wait for who waits for them.
    expect(rounds).toEqual([['d-sts', 'e-audit', 'g-postgres', 'h-redis'], ['b-api', 'c-coordinator'], ['a-gateway'], [], []])
  })

  it('ends the other way round: whoever depends on another one first', async () => {
    const stage = await makeStack()
    stage.runtime.behaviour = only('', 'exits')
    await stage.run()
    const asked = await stage.ask('v2.0.0', { kind: 'stop', release: undefined })
    await stage.settle(asked.rolloutId)
    const { steps } = await stage.rolloutOf(asked.rolloutId)
    expect(steps.map(({ component }) => component)[0]).toBe('a-gateway')
    expect(
      steps
        .slice(-2)
        .map(({ component }) => component)
        .toSorted(),
    ).toEqual(['g-postgres', 'h-redis'])
    expect(stage.runtime.replicas.size).toBe(0)
  })
})
