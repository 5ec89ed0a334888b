import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayDepend, startWaves, type GraphComponent } from '#lib/tenants/component-graph'
import { writeComponentSpec } from '#lib/tenants/commands/write-component-spec'
import { createApplication } from '#lib/tenants/commands/create-application'
import { componentSpecSchema, type Dependency } from '#lib/tenants/component-spec'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform, makeTenant } from '#lib/testing/factories'
import { testSeed } from '#lib/testing/seed'

useTestDatabase()

const on = (...names: string[]): Dependency[] => names.map((component) => ({ component, condition: 'healthy' }))
const stack: GraphComponent[] = [
  { name: 'gateway', dependsOn: on('api', 'sts') },
  { name: 'api', dependsOn: on('sts', 'init') },
  { name: 'coordinator', dependsOn: on('sts', 'init') },
  { name: 'sts', dependsOn: on('init') },
  { name: 'audit', dependsOn: on('init') },
  { name: 'init', dependsOn: on('postgres', 'redis') },
  { name: 'postgres' },
  { name: 'redis' },
]

describe('the order of start', () => {
  it('S3.3: the stack starts in the waves of its dependencies', () => {
    expect(startWaves(stack).map((wave) => wave.toSorted())).toEqual([
      ['postgres', 'redis'],
      ['init'],
      ['audit', 'sts'],
      ['api', 'coordinator'],
      ['gateway'],
    ])
    expect(mayDepend(stack)).toEqual({ allowed: true })
  })

  it('S3.3: a cycle is an error that names the way round, and so is what is not there', () => {
    const cycle = stack.map((one) => (one.name === 'init' ? { ...one, dependsOn: on('postgres', 'api') } : one))
    const verdict = mayDepend(cycle)
    expect(verdict).toMatchObject({ allowed: false, code: 'invalid_input' })
    expect(verdict.allowed ? '' : verdict.reason).toMatch(/api → (sts → )?init → api|init → api → (sts → )?init|sts → init → api → sts/)
    expect(mayDepend([{ name: 'app', dependsOn: on('app') }])).toMatchObject({ reason: expect.stringContaining('app → app') })
    expect(mayDepend([{ name: 'app', dependsOn: on('db') }])).toMatchObject({ reason: expect.stringContaining('no such component') })
  })

  it('has every component once and after all that it depends on, for any graph without a cycle, and always ends', () => {
    const graph = fc.array(fc.array(fc.nat({ max: 9 }), { maxLength: 4 }), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(graph, (edges) => {
        const components = edges.map((list, index) => ({
          name: `c${index}`,
          dependsOn: on(...list.filter((to) => to < edges.length).map((to) => `c${to}`)),
        }))
        const waves = startWaves(components)
        expect(waves.flat().toSorted()).toEqual(components.map(({ name }) => name).toSorted())
        if (!mayDepend(components).allowed) return
        const waveOf = (name: string) => waves.findIndex((wave) => wave.includes(name))
        for (const { name, dependsOn } of components) for (const { component } of dependsOn) expect(waveOf(component)).toBeLessThan(waveOf(name))
      }),
      { seed: testSeed('start order'), numRuns: 300 },
    )
  })
})

describe('saving what a component depends on', () => {
  it('S3.3: refuses a cycle and an unknown component without a trace but the denied entry', async () => {
    const tenant = await makeTenant()
    const admin = await actAs(tenant, 'tenant_admin', 'developer')
    await createApplication(admin, { slug: 'stack', name: 'Stack', components: ['app', 'db'] })
    const write = (component: string, ...names: string[]) =>
      writeComponentSpec(admin, { application: 'stack', component, spec: componentSpecSchema.parse({ dependsOn: on(...names) }) })
    await write('app', 'db')
    await expect(write('db', 'app')).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringMatching(/db → app → db|app → db → app/) })
    await expect(write('db', 'queue')).rejects.toMatchObject({ code: 'invalid_input' })
    const rows = await asPlatform((tx) => tx.component.findMany({ where: { tenantId: tenant.id, name: 'db' } }))
    expect(rows.map(({ spec }) => spec)).toEqual(['{}'])
    await expect(Promise.all([write('db'), write('app', 'db')])).resolves.toHaveLength(2)
  })
})
