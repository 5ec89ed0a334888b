// What every runtime keeps, whatever it starts replicas with. Each driver runs this suite.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '#lib/platform/id'
import type { DesiredComponent, DesiredState, ObservedReplica, RuntimeDriver, RuntimeTarget } from '#lib/runtime/driver'
import { eventually } from '#lib/testing/eventually'

export interface RuntimeUnderTest {
  driver: RuntimeDriver
  /** Two images that start and serve. */
  components: readonly [DesiredComponent, DesiredComponent]
  /** Whether a replica serves at its address. */
  serves(replica: ObservedReplica): Promise<boolean>
  close(): Promise<void>
}

const signal = new AbortController().signal
const configHash = `sha256:${'c'.repeat(64)}`

export function makeTarget(application = 'shop'): RuntimeTarget {
  const tenant = `t-${newId().slice(-8)}`
  return { tenantId: newId(), tenant, environmentId: newId(), environment: 'dev', applicationId: newId(), application }
}

export function describeRuntime(name: string, make: () => Promise<RuntimeUnderTest>): void {
  describe(`${name}, as every runtime`, () => {
    let made: RuntimeUnderTest
    const target = makeTarget()
    const start = (replicaId: string, component = made.components[0], fencingToken = 1n, where = target) =>
      made.driver.apply({ act: 'start', target: where, replicaId, component, configHash }, { fencingToken, signal })
    const stop = (replicaId: string, fencingToken = 1n) =>
      made.driver.apply({ act: 'stop', target, replicaId, drainMs: 0, stopTimeoutMs: 10_000 }, { fencingToken, signal })
    const seen = async (replicaId: string) => (await made.driver.observe(target)).find((one) => one.replicaId === replicaId)
    beforeAll(async () => {
      made = await make()
    }, 120_000)
    afterAll(async () => {
      await made.driver.remove(target, { fencingToken: 1_000_000n, signal })
      await made.close()
    }, 120_000)

    it('says that it can run something here, and accepts what it can run', async () => {
      expect(await made.driver.check()).toEqual({ isAvailable: true })
      expect(await made.driver.accepts(made.components[0], { javaLevel: 8 })).toEqual({ accepted: true })
    })

    it('renders the same bytes for the same state, and others for another digest', () => {
      const [first, second] = made.components
      const state = (component: DesiredComponent): DesiredState => ({
        target,
        configHash,
        components: [component],
        strategy: { maxUnavailable: 0, maxSurge: 1 },
      })
      expect(made.driver.render(state(first))).toBe(made.driver.render(structuredClone(state(first))))
      expect(made.driver.render(state(first))).not.toBe(made.driver.render(state(second)))
    })

    it('lists a replica once it was started, with what it runs, until it serves; the same id again is no second one', async () => {
      const components = [...made.components]
      await made.driver.prepare({ target, configHash, components, strategy: { maxUnavailable: 0, maxSurge: 1 } }, signal)
      await start('r-one')
      expect(await seen('r-one')).toMatchObject({ component: 'app', digest: made.components[0].digest, configHash, restarts: 0 })
      const serving = await eventually('it serves', async () => {
        const replica = await seen('r-one')
        return replica && replica.state === 'running' && (await made.serves(replica)) ? replica : undefined
      })
      await start('r-one')
      expect(await made.driver.observe(target)).toEqual([serving])
    })

    it('keeps targets apart', async () => {
      const other = makeTarget()
      expect(await made.driver.observe(other)).toEqual([])
      expect(await made.driver.observe({ ...target, environmentId: other.environmentId, environment: 'staging' })).toEqual([])
    })

    it('invariant 5: refuses an older token without an effect, and takes one that is as old', async () => {
      await start('r-two', made.components[1], 7n)
      await expect(start('r-three', made.components[0], 6n)).rejects.toMatchObject({ code: 'conflict' })
      await expect(stop('r-one', 6n)).rejects.toMatchObject({ code: 'conflict' })
      expect((await made.driver.observe(target)).map(({ replicaId }) => replicaId).toSorted()).toEqual(['r-one', 'r-two'])
      await start('r-two', made.components[1], 7n)
      expect(await made.driver.observe(target)).toHaveLength(2)
    })

    it('gives what a replica wrote', async () => {
      const written = await eventually('something is written', async () => {
        let text = ''
        for await (const chunk of made.driver.logs(target, 'r-one', { follow: false, signal })) text += chunk
        return text
      })
      expect(written).not.toBe('')
    })

    it('stops one and leaves the other; stopping what is gone, or never was, is done already', async () => {
      await stop('r-one', 8n)
      const gone = await seen('r-one')
      expect(gone?.state ?? 'exited').toBe('exited')
      expect(await seen('r-two')).toMatchObject({ digest: made.components[1].digest })
      await stop('r-one', 8n)
      await stop('r-never', 8n)
    })

    it('removes everything of a target', async () => {
      await made.driver.remove(target, { fencingToken: 9n, signal })
      expect(await made.driver.observe(target)).toEqual([])
    })
  })
}
