import { beforeAll, describe, expect, it } from 'vitest'
import { GET as preview } from '#app/api/v1/platform/tenants/[slug]/retier-preview/route'
import { DELETE as resume, PUT as suspend } from '#app/api/v1/platform/tenants/[slug]/suspension/route'
import { PUT as retier } from '#app/api/v1/platform/tenants/[slug]/tier/route'
import { GET as listAll } from '#app/api/v1/platform/tenants/route'
import { GET as getSpec, PUT as putSpec } from '#app/api/v1/tenants/[tenant]/applications/[application]/components/[component]/spec/route'
import { GET as getApplication } from '#app/api/v1/tenants/[tenant]/applications/[application]/route'
import { GET as applications, POST as createApplication } from '#app/api/v1/tenants/[tenant]/applications/route'
import { GET as getPolicy, PUT as putPolicy } from '#app/api/v1/tenants/[tenant]/environments/[environment]/policy/route'
import { GET as getEnvironment, PATCH as editEnvironment } from '#app/api/v1/tenants/[tenant]/environments/[environment]/route'
import { GET as environments, POST as createEnvironment } from '#app/api/v1/tenants/[tenant]/environments/route'
import { GET as getTenant } from '#app/api/v1/tenants/[tenant]/route'
import { GET as myTenants, POST as createTenant } from '#app/api/v1/tenants/route'
import { newId } from '#lib/platform/id'
import { ensureFirstTenant } from '#lib/tenants/commands/ensure-first-tenant'
import { useTestDatabase } from '#lib/testing/database'
import { asPlatform, makePerson, uniqueSlug, type Person } from '#lib/testing/factories'
import { callRoute, type RouteAnswer, type RouteCall, type RouteHandler } from '#lib/testing/http'

useTestDatabase()

let root: Person
const at = (handler: RouteHandler, method: string, tenant: string, path: string, more: Omit<Partial<RouteCall>, 'path' | 'method'> = {}) =>
  callRoute(handler, { as: root, ...more, method, path: `/api/v1/tenants/{tenant}${path}`, params: { tenant, ...more.params } })
const platform = (handler: RouteHandler, method: string, slug: string, path: string, more: Partial<RouteCall> = {}) =>
  callRoute(handler, { as: root, ...more, method, path: `/api/v1/platform/tenants/{slug}${path}`, params: { slug } })
const make = (slug: string, tier: string) =>
  callRoute(createTenant, { method: 'POST', path: '/api/v1/tenants', as: root, body: { slug, name: slug, tier } })
const custom = (tenant: string, slug: string, more: Record<string, unknown> = {}) =>
  at(createEnvironment, 'POST', tenant, '/environments', { body: { slug, name: slug, rank: 50, ...more } })
const changeTier = (slug: string, tier: string) => platform(retier, 'PUT', slug, '/tier', { body: { tier, reason: 'the contract changed' } })

async function slugs(tenant: string): Promise<string[]> {
  return (await at(environments, 'GET', tenant, '/environments')).body.items.map(({ slug }: { slug: string }) => slug)
}

async function environment(tenant: string, slug: string): Promise<RouteAnswer['body']> {
  return (await at(getEnvironment, 'GET', tenant, '/environments/{environment}', { params: { environment: slug } })).body
}

async function policy(tenant: string, slug: string): Promise<RouteAnswer['body']> {
  return (await at(getPolicy, 'GET', tenant, '/environments/{environment}/policy', { params: { environment: slug } })).body
}

function blocking(document: { gates: Record<string, { mode: string }> }): string[] {
  return Object.entries(document.gates)
    .filter(([, { mode }]) => mode === 'block')
    .map(([name]) => name)
    .toSorted()
}

/** Every row of the tables that a refused change could have touched. */
async function rows(): Promise<number> {
  return asPlatform(
    async (tx) => (await tx.environment.count()) + (await tx.environmentPolicy.count()) + (await tx.tenant.count()) + (await tx.application.count()),
  )
}

const deniedEntries = () => asPlatform((tx) => tx.auditEntry.count({ where: { outcome: 'denied' } }))

async function denied(work: () => Promise<RouteAnswer>): Promise<{ status: number; code: string; entries: number; effects: number }> {
  const [entriesBefore, rowsBefore] = [await deniedEntries(), await rows()]
  const { status, body } = await work()
  return { status, code: body?.code, entries: (await deniedEntries()) - entriesBefore, effects: (await rows()) - rowsBefore }
}

beforeAll(async () => {
  root = await makePerson({ isPlatformAdmin: true })
})

describe('the first tenant', () => {
  it('S3.11: is made when there is none, by two starts at once, and never again', async () => {
    await Promise.all([ensureFirstTenant({ memberId: root.id }), ensureFirstTenant({ memberId: root.id })])
    await ensureFirstTenant({ memberId: root.id })
    const mine = await callRoute(myTenants, { path: '/api/v1/tenants', as: root })
    expect(mine.body.items).toEqual([expect.objectContaining({ slug: 'main', name: 'Main', tier: 'HIGH' })])
    expect(mine.body.items[0].roles).toHaveLength(8)
  })
})

const open = ['freeze', 'tier']
const stagingGates = ['config', 'freeze', 'order', 'source-health', 'tier']
const prodGates = ['approvals', ...stagingGates]
const lowest = { seeds: { prod: ['config', 'freeze', 'tier'] }, customs: 0, cap: 0 }
const middle = { seeds: { dev: open, prod: prodGates }, customs: 0, cap: 0 }
const highest = { seeds: { dev: open, staging: stagingGates, prod: prodGates }, customs: 25, cap: null }

describe.each([
  { id: 'S2.7', tier: 'LOW', ...lowest },
  { id: 'S2.8', tier: 'MID', ...middle },
  { id: 'S2.9', tier: 'HIGH', ...highest },
  { id: 'S2.10', tier: 'BUSINESS', ...highest },
])('S2.7 S2.8 S2.9 S2.10: the tier $tier', ({ id, tier, seeds, customs, cap }) => {
  const slug = `tier-${tier.toLowerCase()}`
  const names = Object.keys(seeds)

  it(`${id}: seeds ${names.join(', ')}, each upstream of the next, with its default policy`, async () => {
    expect((await make(slug, tier)).status).toBe(201)
    expect(await slugs(slug)).toEqual(names)
    for (const [index, name] of names.entries()) {
      expect(await environment(slug, name)).toMatchObject({
        upstream: names.slice(Math.max(0, index - 1), index),
        standing: 'open',
        policyVersion: 1,
      })
      expect(blocking((await policy(slug, name)).document)).toEqual(Object.values(seeds)[index])
    }
    expect((await environment(slug, 'prod')).isProtected).toBe(names.length > 1)
    const { document } = await policy(slug, 'prod')
    expect(document.approvals).toEqual({ count: 1, roles: ['approver'], expiresHours: 24, fourEyes: true, forbidUploader: false })
    expect(document.gates.evidence?.mode).toBe(names.length > 1 ? 'warn' : undefined)
  })

  it(`${id}: takes ${customs} custom environments${cap === null ? ', and would take more' : ' and refuses the next with tier_limit'}`, async () => {
    for (let count = 1; count <= customs; count += 1) expect((await custom(slug, `qa-${count}`)).status).toBe(201)
    const next = await denied(() => custom(slug, 'one-more'))
    expect(next.status).toBe(cap === null ? 201 : 403)
    expect([next.code, next.entries, next.effects]).toEqual(cap === null ? [undefined, 0, 2] : ['tier_limit', 1, 0])
    const { usage, acts } = (await at(getTenant, 'GET', slug, '')).body
    const used = cap === null ? customs + 1 : customs
    expect(usage).toMatchObject({ customEnvironments: { used, cap }, environments: names.length + used })
    expect(acts.createEnvironment.allowed).toBe(cap === null)
  })
})

it('a custom environment has the default policy and a slug of its own', async () => {
  const slug = uniqueSlug('custom')
  await make(slug, 'HIGH')
  expect((await custom(slug, 'qa')).body).toMatchObject({ isCustom: true, isProtected: false })
  expect(blocking((await policy(slug, 'qa')).document)).toEqual(open)
  expect(await denied(() => custom(slug, 'qa'))).toEqual({ status: 409, code: 'conflict', entries: 1, effects: 0 })
})

describe('a change of tier', () => {
  it('upwards makes the missing environments, and lets an untouched prod follow', async () => {
    const slug = uniqueSlug('up')
    await make(slug, 'LOW')
    const impact = await platform(preview, 'GET', slug, '/retier-preview', { query: { tier: 'HIGH' } })
    expect(impact.body).toMatchObject({ direction: 'up', creates: ['dev', 'staging'], becomeReadOnly: [], follow: ['prod'] })
    expect(await slugs(slug)).toEqual(['prod'])
    expect((await changeTier(slug, 'HIGH')).body).toEqual(impact.body)
    expect(await slugs(slug)).toEqual(['dev', 'staging', 'prod'])
    expect(await environment(slug, 'prod')).toMatchObject({ upstream: ['staging'], isProtected: true, policyVersion: 2 })
    expect(blocking((await policy(slug, 'prod')).document)).toContain('approvals')
    const entry = await asPlatform((tx) => tx.auditEntry.findFirstOrThrow({ where: { action: 'tenant.retiered' }, orderBy: { id: 'desc' } }))
    expect(JSON.parse(entry.content)).toMatchObject({ before: { tier: 'LOW' }, after: { tier: 'HIGH' }, reason: 'the contract changed' })
  })

  it('upwards leaves a policy that somebody wrote', async () => {
    const slug = uniqueSlug('kept')
    await make(slug, 'MID')
    const { document } = await policy(slug, 'prod')
    const body = { document: { ...document, requireEnvironmentName: false }, baseVersion: 1 }
    await at(putPolicy, 'PUT', slug, '/environments/{environment}/policy', { params: { environment: 'prod' }, body })
    await changeTier(slug, 'BUSINESS')
    expect(await environment(slug, 'prod')).toMatchObject({ upstream: ['staging'], policyVersion: 2 })
    expect((await policy(slug, 'prod')).document.requireEnvironmentName).toBe(false)
  })

  it('downwards says what it would close, deletes nothing, and comes back', async () => {
    const slug = uniqueSlug('down')
    await make(slug, 'HIGH')
    await custom(slug, 'perf', { upstream: ['staging'] })
    const tenant = await asPlatform((tx) => tx.tenant.findUniqueOrThrow({ where: { slug } }))
    const perf = await environment(slug, 'perf')
    await asPlatform((tx) =>
      tx.deployment.create({
        data: {
          id: newId(),
          tenantId: tenant.id,
          environmentId: perf.id,
          applicationId: newId(),
          promotionId: newId(),
          releaseId: newId(),
          configRevision: 1,
          configHash: '',
          desired: '{}',
          replicas: 1,
        },
      }),
    )
    const impact = await platform(preview, 'GET', slug, '/retier-preview', { query: { tier: 'MID' } })
    expect(impact.body).toMatchObject({ direction: 'down', creates: [], follow: [] })
    expect(impact.body.becomeReadOnly).toEqual([
      { slug: 'staging', name: 'Staging', deployments: 0, unsettledPromotions: 0 },
      { slug: 'perf', name: 'perf', deployments: 1, unsettledPromotions: 0 },
    ])
    const before = await rows()
    expect((await changeTier(slug, 'MID')).status).toBe(200)
    expect(await rows()).toBe(before)
    const standing = async () =>
      Object.fromEntries(
        (await at(environments, 'GET', slug, '/environments')).body.items.map((one: { slug: string; standing: string }) => [one.slug, one.standing]),
      )
    expect(await standing()).toEqual({ dev: 'open', staging: 'read_only', perf: 'read_only', prod: 'open' })
    expect(await denied(() => custom(slug, 'more'))).toMatchObject({ code: 'tier_limit', entries: 1, effects: 0 })
    expect((await changeTier(slug, 'HIGH')).body.becomeOpen.toSorted()).toEqual(['perf', 'staging'])
    expect(await standing()).toEqual({ dev: 'open', staging: 'open', perf: 'open', prod: 'open' })
    expect(await environment(slug, 'prod')).toMatchObject({ upstream: ['staging'], policyVersion: 1 })
  })

  it('is for platform admins, who list every tenant and enter none by it', async () => {
    const slug = uniqueSlug('walls')
    await make(slug, 'MID')
    const other = await makePerson({ isPlatformAdmin: true })
    const listed = (await callRoute(listAll, { path: '/api/v1/platform/tenants', as: other })).body.items
    expect(listed.find((one: { slug: string }) => one.slug === slug)).toMatchObject({ tier: 'MID', roles: [], members: 1 })
    expect((await at(getTenant, 'GET', slug, '', { as: other })).status).toBe(404)
    const tenantRow = await asPlatform((tx) => tx.tenant.findUniqueOrThrow({ where: { slug } }))
    const admin = await makePerson({ tenant: { ...tenantRow, isSuspended: false }, roles: ['tenant_admin'] })
    expect(await denied(() => platform(retier, 'PUT', slug, '/tier', { as: admin, body: { tier: 'HIGH', reason: 'please' } }))).toEqual({
      status: 403,
      code: 'forbidden',
      entries: 1,
      effects: 0,
    })
  })
})

describe('a suspended tenant', () => {
  it('is read, and nothing in it changes until it is resumed', async () => {
    const slug = uniqueSlug('still')
    await make(slug, 'HIGH')
    expect((await platform(suspend, 'PUT', slug, '/suspension', { body: { reason: 'unpaid' } })).status).toBe(204)
    expect((await at(getTenant, 'GET', slug, '')).body.isSuspended).toBe(true)
    expect(await denied(() => custom(slug, 'qa'))).toEqual({ status: 403, code: 'forbidden', entries: 1, effects: 0 })
    expect((await platform(suspend, 'PUT', slug, '/suspension', { body: { reason: 'again' } })).body.code).toBe('conflict')
    expect((await platform(resume, 'DELETE', slug, '/suspension')).status).toBe(204)
    expect((await custom(slug, 'qa')).status).toBe(201)
  })
})

describe('names', () => {
  it.each(['Main', 'mаin', 'ｍain', 'a_b', '-a', 'a-', '', 'a'.repeat(41), 'admin', 'xn--abc', 'api', '..', 'a/b', 'a\u0000'])(
    'refuse %j as the slug of a tenant',
    async (slug) => {
      expect(await denied(() => make(slug, 'HIGH'))).toEqual({ status: 400, code: 'invalid_input', entries: 1, effects: 0 })
    },
  )

  it('are taken once, also by two who ask at once', async () => {
    const slug = uniqueSlug('race')
    const answers = await Promise.all([make(slug, 'LOW'), make(slug, 'LOW'), make(slug, 'LOW')])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409])
  })

  it('S-12: no field but the declared ones is taken', async () => {
    for (const extra of ['id', 'createdAt', 'createdBy', 'suspendedAt', 'isPlatformAdmin', '__proto__', 'tenantId']) {
      const body = JSON.stringify({ slug: 'extra', name: 'Extra', tier: 'LOW' }).replace('}', `,${JSON.stringify(extra)}:"x"}`)
      expect((await callRoute(createTenant, { method: 'POST', path: '/api/v1/tenants', as: root, body })).status).toBe(400)
    }
  })
})

describe('an environment', () => {
  it('changes its place, but never so that the way leads in a circle', async () => {
    const slug = uniqueSlug('circle')
    await make(slug, 'HIGH')
    await custom(slug, 'uat', { upstream: ['staging'], isProtected: true })
    const edit = (name: string, body: unknown) =>
      at(editEnvironment, 'PATCH', slug, '/environments/{environment}', { params: { environment: name }, body })
    expect((await edit('prod', { upstream: ['uat'], rank: 90 })).body).toMatchObject({ upstream: ['uat'], rank: 90, name: 'Production' })
    for (const upstream of [['dev'], ['prod'], ['staging', 'uat']]) {
      expect(await denied(() => edit('dev', { upstream }))).toMatchObject({ status: 400, code: 'invalid_input', entries: 1 })
    }
    expect(await denied(() => edit('dev', { upstream: ['nowhere'] }))).toMatchObject({ status: 404, code: 'not_found', entries: 1 })
    // Each edit alone is fine; together they would close the circle.
    const both = await Promise.all([edit('dev', { upstream: ['uat'] }), edit('uat', { upstream: ['dev'] })])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 400])
  })

  it('has a policy in versions, and nobody overwrites one unseen', async () => {
    const slug = uniqueSlug('policy')
    await make(slug, 'HIGH')
    const put = (body: unknown) => at(putPolicy, 'PUT', slug, '/environments/{environment}/policy', { params: { environment: 'dev' }, body })
    const document = { gates: { tier: { mode: 'block' }, soak: { mode: 'warn', params: { soakMinutes: 30 } } }, approvals: { count: 2 } }
    const written = await put({ document, baseVersion: 1, reason: 'soak first' })
    expect(written.body).toMatchObject({
      version: 2,
      document: { approvals: { count: 2, fourEyes: true }, gates: { soak: { params: { soakMinutes: 30 } } } },
    })
    expect(await denied(() => put({ document, baseVersion: 1 }))).toMatchObject({ status: 409, code: 'conflict', entries: 1, effects: 0 })
    for (const wrong of [
      { gates: { nonsense: { mode: 'block' } } },
      { gates: { tier: { mode: 'maybe' } } },
      { approvals: { count: 0 } },
      { approvals: { roles: [] } },
    ]) {
      expect(await denied(() => put({ document: wrong, baseVersion: 2 }))).toMatchObject({ code: 'invalid_input', effects: 0 })
    }
    await expect(asPlatform((tx) => tx.environmentPolicy.updateMany({ data: { document: '{}' } }))).rejects.toThrow(/violated/)
  })
})

describe('a tenant admin who is limited to some environments', () => {
  it('changes neither the others nor what their gates ask for', async () => {
    const slug = uniqueSlug('limited')
    await make(slug, 'HIGH')
    const tenant = await asPlatform((tx) => tx.tenant.findUniqueOrThrow({ where: { slug } }))
    const admin = await makePerson({ tenant: { ...tenant, isSuspended: false }, roles: ['tenant_admin'] })
    const dev = (await environment(slug, 'dev')).id
    await asPlatform((tx) => tx.membership.updateMany({ where: { userId: admin.id }, data: { environmentIds: [dev] } }))
    const put = async (where: string) => {
      const { document, version } = await policy(slug, where)
      const looser = { ...document, gates: {} }
      const params = { environment: where }
      const path = '/environments/{environment}'
      return [
        await at(putPolicy, 'PUT', slug, `${path}/policy`, { as: admin, params, body: { baseVersion: version, document: looser, reason: 'x' } }),
        await at(editEnvironment, 'PATCH', slug, path, { as: admin, params, body: { name: 'Mine' } }),
      ]
    }
    for (const { status, body } of await put('prod')) {
      expect([status, body.code, body.detail]).toEqual([403, 'forbidden', 'Your membership does not cover prod.'])
    }
    expect((await environment(slug, 'prod')).name).not.toBe('Mine')
    expect(await policy(slug, 'prod')).toMatchObject({ version: 1 })
    expect((await put('dev')).map(({ status }) => status)).toEqual([200, 200])
  })
})

describe('an application', () => {
  it('has components with a default spec that its next upload starts from', async () => {
    const slug = uniqueSlug('apps')
    await make(slug, 'HIGH')
    const params = { application: 'shop', component: 'web' }
    const body = { slug: 'shop', name: 'Shop', components: ['web', 'worker'] }
    expect((await at(createApplication, 'POST', slug, '/applications', { body })).body.components).toMatchObject([
      { name: 'web', isWritten: false },
      { name: 'worker', isWritten: false },
    ])
    expect(await denied(() => at(createApplication, 'POST', slug, '/applications', { body }))).toMatchObject({ code: 'conflict', effects: 0 })
    const spec = { arguments: ['--port', '${PORT}'], readiness: { kind: 'http', path: '/health' } }
    expect((await at(putSpec, 'PUT', slug, '/applications/{application}/components/{component}/spec', { params, body: { spec } })).status).toBe(200)
    expect((await at(getSpec, 'GET', slug, '/applications/{application}/components/{component}/spec', { params })).body).toMatchObject({
      isWritten: true,
      spec: { arguments: ['--port', '${PORT}'], readiness: { kind: 'http', path: '/health', intervalMs: 1000 }, memoryMiB: 512 },
    })
    expect((await at(applications, 'GET', slug, '/applications')).body.items).toHaveLength(1)
    const missing = { application: 'shop', component: 'nothing' }
    expect((await at(getSpec, 'GET', slug, '/applications/{application}/components/{component}/spec', { params: missing })).status).toBe(404)
    // What another tenant calls the same is not found here, in the words for what never was.
    const elsewhere = uniqueSlug('apps')
    await make(elsewhere, 'HIGH')
    const foreign = await at(getApplication, 'GET', elsewhere, '/applications/{application}', { params: { application: 'shop' } })
    const unknown = await at(getApplication, 'GET', elsewhere, '/applications/{application}', { params: { application: 'none' } })
    expect([foreign.status, foreign.body.detail.replace('shop', 'none')]).toEqual([404, unknown.body.detail])
  })
})
