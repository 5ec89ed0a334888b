import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TenantRef } from '#lib/platform/actor'
import { createContext, type TenantContext } from '#lib/platform/context'
import { database } from '#lib/platform/database'
import { approvePromotion } from '#lib/promotions/commands/approve-promotion'
import { requestPromotion } from '#lib/promotions/commands/request-promotion'
import type { PromotionView } from '#lib/promotions/promotion'
import { useTestDatabase } from '#lib/testing/database'
import { makeApplication, makePerson, makeTenant, type Person } from '#lib/testing/factories'
import { callRoute, makeToken, type RouteAnswer, type RouteHandler } from '#lib/testing/http'
import { completeRollout } from '#lib/testing/promotions'
import { expectRefusal, type ExpectedRefusal } from '#lib/testing/refusals'
import { makeRelease } from '#lib/testing/releases'

useTestDatabase()

let tenant: TenantRef
let application: { id: string; slug: string }
let manager: Person
let developer: Person
let approver: Person
let sre: Person
let viewer: Person
let admin: Person
let stale: Person
let stranger: Person
let token: string
let foreignToken: string
let system: TenantContext
/** Waits in prod, asked for by `both`, who is a release manager and an approver. */
let both: Person
let waiting: PromotionView
let settled: PromotionView

beforeAll(async () => {
  tenant = await makeTenant()
  application = await makeApplication(tenant, 'orders')
  manager = await makePerson({ tenant, roles: ['release_manager'] })
  both = await makePerson({ tenant, roles: ['release_manager', 'approver'] })
  developer = await makePerson({ tenant, roles: ['developer'] })
  approver = await makePerson({ tenant, roles: ['approver'] })
  stale = { ...(await makePerson({ tenant, roles: ['approver'] })), authenticatedAt: new Date(Date.now() - 13 * 3_600_000) }
  sre = await makePerson({ tenant, roles: ['sre'] })
  admin = await makePerson({ tenant, roles: ['tenant_admin'] })
  viewer = await makePerson({ tenant, roles: ['viewer'] })
  const other = await makeTenant()
  await makeApplication(other, 'billing')
  stranger = await makePerson({ tenant: other, roles: ['release_manager', 'approver', 'sre'] })
  token = await makeToken(both, tenant, ['tenant.read', 'promotion.request'])
  foreignToken = await makeToken(stranger, other, ['tenant.read', 'promotion.request'])
  system = createContext({ tenant, actor: both })
  await makeRelease(tenant, application, 'v1.0.0')
  await makeRelease(tenant, application, 'v1.1.0')
  settled = await requestPromotion(system, { application: 'orders', environment: 'dev', release: 'v1.0.0' })
  await completeRollout(system, settled.id)
  await completeRollout(system, (await requestPromotion(system, { application: 'orders', environment: 'staging', release: 'v1.0.0' })).id)
  waiting = await requestPromotion(system, { application: 'orders', environment: 'prod', release: 'v1.0.0' })
}, 60_000)

/** Calls a route of the tenant: `POST promotions/{promotion}/approvals`. */
async function call(route: string, as: Person | string, input: Record<string, unknown> = {}): Promise<RouteAnswer> {
  const [method = '', rest = ''] = route.split(' ')
  const file = join(import.meta.dirname, 'tenants/[tenant]', rest.replaceAll(/\{(\w+)\}/g, '[$1]'), 'route.ts')
  const handler = ((await import(file)) as Record<string, RouteHandler>)[method] as RouteHandler
  const keys = [...rest.matchAll(/\{(\w+)\}/g)].map(([, key]) => key ?? '')
  const params = { tenant: tenant.slug, ...Object.fromEntries(keys.map((key) => [key, String(input[key])])) }
  const sent = Object.fromEntries(Object.entries(input).filter(([key]) => !keys.includes(key)))
  const payload = method === 'GET' ? { query: sent as Record<string, string> } : { body: 'raw' in sent ? sent['raw'] : sent }
  return callRoute(handler, { method, path: `/api/v1/tenants/{tenant}/${rest}`, params, as, ...payload })
}

const ask = { application: 'orders', environment: 'dev', release: 'v1.1.0' }
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()

interface Row {
  it: string
  route: string
  as: () => Person | string
  input: () => Record<string, unknown>
  expected: ExpectedRefusal
}

const onWaiting =
  (more: Record<string, unknown> = {}) =>
  () => ({ promotion: waiting.id, ...more })

const refusals: Row[] = [
  {
    it: 'an unknown environment',
    route: 'POST promotions',
    as: () => manager,
    input: () => ({ ...ask, environment: 'nowhere' }),
    expected: { code: 'not_found', words: /no environment nowhere/ },
  },
  {
    it: 'an unknown application',
    route: 'POST promotions',
    as: () => manager,
    input: () => ({ ...ask, application: 'nothing' }),
    expected: { code: 'not_found', words: /no application nothing/ },
  },
  {
    it: 'S2.12: an unknown release',
    route: 'POST promotions',
    as: () => manager,
    input: () => ({ ...ask, release: 'v9.9.9' }),
    expected: { code: 'not_found', words: /orders has no release v9.9.9/ },
  },
  {
    it: 'S4.20 S4.48: a floating tag',
    route: 'POST promotions',
    as: () => manager,
    input: () => ({ ...ask, release: 'latest' }),
    expected: { code: 'invalid_input', words: /"latest" is not the name of a release/, fix: /vX\.Y\.Z/ },
  },
  {
    it: 'no release at all',
    route: 'POST promotions',
    as: () => manager,
    input: () => ({ application: 'orders', environment: 'dev' }),
    expected: { code: 'invalid_input', words: /Name the release/ },
  },
  {
    it: 'a field that it does not know',
    route: 'POST promotions',
    as: () => manager,
    input: () => ({ ...ask, digest: 'sha256:00' }),
    expected: { code: 'invalid_input', words: /digest/i },
  },
  {
    it: 'a malformed body',
    route: 'POST promotions',
    as: () => manager,
    input: () => ({ raw: '{"application":' }),
    expected: { code: 'invalid_input', words: /not well-formed JSON/ },
  },
  {
    it: 'an unknown kind',
    route: 'POST promotions',
    as: () => manager,
    input: () => ({ ...ask, kind: 'rebuild' }),
    expected: { code: 'invalid_input', words: /kind/ },
  },
  {
    it: 'S2.2: promoting past an environment, with every gate',
    route: 'POST promotions',
    as: () => manager,
    input: () => ({ ...ask, environment: 'staging' }),
    expected: { code: 'gates_blocked', words: /v1\.1\.0 has not completed in dev/, fix: /(Promote|Run) v1\.1\.0/ },
  },
  {
    it: 'promoting where nothing is upstream',
    route: 'POST promotions',
    as: () => manager,
    input: () => ({ ...ask, kind: 'promote' }),
    expected: { code: 'conflict', words: /Nothing is upstream of dev/ },
  },
  {
    it: 'deploying past the environments before it',
    route: 'POST promotions',
    as: () => manager,
    input: () => ({ ...ask, environment: 'prod', kind: 'deploy' }),
    expected: { code: 'conflict', words: /prod takes releases from staging/ },
  },
  {
    it: 'what runs already',
    route: 'POST promotions',
    as: () => manager,
    input: () => ({ ...ask, release: 'v1.0.0' }),
    expected: { code: 'conflict', words: /v1\.0\.0 with configuration r0 already runs in dev/ },
  },
  {
    it: 'a second request for the same place',
    route: 'POST promotions',
    as: () => manager,
    input: () => ({ ...ask, environment: 'prod', release: 'v1.0.0' }),
    expected: { code: 'conflict', words: /orders v1\.0\.0 → prod .*waits since/, fix: /supersede/ },
  },
  {
    it: 'S2.14: a rollback to nowhere',
    route: 'POST promotions',
    as: () => sre,
    input: () => ({ ...ask, kind: 'rollback', release: 'v1.0.0' }),
    expected: { code: 'conflict', words: /nothing to go back to/ },
  },
  {
    it: 'scaling to what it is',
    route: 'POST promotions',
    as: () => sre,
    input: () => ({ application: 'orders', environment: 'dev', kind: 'scale', replicas: 1 }),
    expected: { code: 'conflict', words: /already has 1 replicas/ },
  },
  {
    it: 'starting what was not stopped',
    route: 'POST promotions',
    as: () => sre,
    input: () => ({ application: 'orders', environment: 'dev', kind: 'start' }),
    expected: { code: 'conflict', words: /is not stopped/ },
  },
  {
    it: 'applying a configuration that runs',
    route: 'POST promotions',
    as: () => sre,
    input: () => ({ application: 'orders', environment: 'dev', kind: 'config' }),
    expected: { code: 'conflict', words: /already runs with configuration r0/ },
  },
  {
    it: 'a developer in a protected environment',
    route: 'POST promotions',
    as: () => developer,
    input: () => ({ ...ask, environment: 'prod' }),
    expected: { code: 'forbidden', words: /prod is protected/, fix: /Ask/ },
  },
  { it: 'a viewer', route: 'POST promotions', as: () => viewer, input: () => ask, expected: { code: 'forbidden', words: /may request a promotion/ } },
  {
    it: 'a token beyond its verbs',
    route: 'POST promotions',
    as: () => token,
    input: () => ({ application: 'orders', environment: 'dev', kind: 'restart' }),
    expected: { code: 'forbidden', words: /This token may not/ },
  },
  {
    it: 'approving one’s own request',
    route: 'POST promotions/{promotion}/approvals',
    as: () => both,
    input: () => ({ promotion: waiting.id, planDigest: waiting.planDigest }),
    expected: { code: 'own_request', words: /You requested this promotion/, fix: /another approver/ },
  },
  {
    it: 'a stale plan',
    route: 'POST promotions/{promotion}/approvals',
    as: () => approver,
    input: onWaiting({ planDigest: `sha256:${'0'.repeat(64)}` }),
    expected: { code: 'plan_moved', words: /The plan moved/, fix: /as it is now/ },
  },
  {
    it: 'a digest that is none',
    route: 'POST promotions/{promotion}/approvals',
    as: () => approver,
    input: onWaiting({ planDigest: 'latest' }),
    expected: { code: 'invalid_input', words: /planDigest/ },
  },
  {
    it: 'a password that was typed yesterday',
    route: 'POST promotions/{promotion}/approvals',
    as: () => stale,
    input: () => ({ promotion: waiting.id, planDigest: waiting.planDigest }),
    expected: { code: 'reauthentication_required', words: /password/ },
  },
  {
    it: 'a token that approves',
    route: 'POST promotions/{promotion}/approvals',
    as: () => token,
    input: () => ({ promotion: waiting.id, planDigest: waiting.planDigest }),
    expected: { code: 'forbidden', words: /This token may not approve/, fix: /as a person/ },
  },
  {
    it: 'a manager who approves',
    route: 'POST promotions/{promotion}/approvals',
    as: () => manager,
    input: () => ({ promotion: waiting.id, planDigest: waiting.planDigest }),
    expected: { code: 'forbidden', words: /Only an approver/ },
  },
  {
    it: 'approving what is settled',
    route: 'POST promotions/{promotion}/approvals',
    as: () => approver,
    input: () => ({ promotion: settled.id, planDigest: settled.planDigest }),
    expected: { code: 'conflict', words: /is completed and cannot be approved/ },
  },
  {
    it: 'approving what does not exist',
    route: 'POST promotions/{promotion}/approvals',
    as: () => approver,
    input: () => ({ promotion: 'none', planDigest: waiting.planDigest }),
    expected: { code: 'not_found', words: /no promotion none/ },
  },
  {
    it: 'rejecting without a reason',
    route: 'POST promotions/{promotion}/rejections',
    as: () => approver,
    input: onWaiting({ reason: ' ' }),
    expected: { code: 'invalid_input', words: /reason/ },
  },
  {
    it: 'rejecting one’s own request',
    route: 'POST promotions/{promotion}/rejections',
    as: () => both,
    input: onWaiting({ reason: 'no' }),
    expected: { code: 'own_request', words: /You requested/, fix: /Cancel/ },
  },
  {
    it: 'cancelling what is settled',
    route: 'POST promotions/{promotion}/cancellations',
    as: () => manager,
    input: () => ({ promotion: settled.id }),
    expected: { code: 'conflict', words: /is completed and cannot be cancelled/ },
  },
  {
    it: 'retrying what did not fail',
    route: 'POST promotions/{promotion}/retries',
    as: () => manager,
    input: () => ({ promotion: settled.id }),
    expected: { code: 'conflict', words: /is completed and cannot be retried/ },
  },
  {
    it: 'asking again for what waits',
    route: 'POST promotions/{promotion}/requests',
    as: () => manager,
    input: onWaiting(),
    expected: { code: 'conflict', words: /is requested and cannot be asked for again/ },
  },
  {
    it: 'waiving a gate of one’s own request',
    route: 'POST waivers',
    as: () => both,
    input: () => ({ application: 'orders', environment: 'prod', gate: 'order', reason: 'x', endsAt: inAnHour() }),
    expected: { code: 'own_request', words: /cannot waive its gates/ },
  },
  {
    it: 'waiving the approvals',
    route: 'POST waivers',
    as: () => approver,
    input: () => ({ application: 'orders', environment: 'prod', gate: 'approvals', reason: 'x', endsAt: inAnHour() }),
    expected: { code: 'invalid_input', words: /cannot be waived/ },
  },
  {
    it: 'S1.23: a waiver for an application that only another tenant has',
    route: 'POST waivers',
    as: () => approver,
    input: () => ({ application: 'billing', environment: 'prod', gate: 'order', reason: 'x', endsAt: inAnHour() }),
    expected: { code: 'not_found', words: /no application billing/ },
  },
  {
    it: 'S1.23: a waiver of a gate that there is not',
    route: 'POST waivers',
    as: () => approver,
    input: () => ({ application: 'orders', environment: 'prod', gate: 'luck', reason: 'x', endsAt: inAnHour() }),
    expected: { code: 'invalid_input', words: /luck/ },
  },
  {
    it: 'S1.23: a freeze of an application that only another tenant has',
    route: 'POST freezes',
    as: () => sre,
    input: () => ({ application: 'billing', reason: 'x', endsAt: inAnHour() }),
    expected: { code: 'not_found', words: /no application billing/ },
  },
  {
    it: 'S1.23: a policy that asks for a gate that there is not',
    route: 'PUT environments/{environment}/policy',
    as: () => admin,
    input: () => ({ environment: 'dev', baseVersion: 0, document: { gates: { luck: { mode: 'block' } } }, reason: 'x' }),
    expected: { code: 'invalid_input', words: /luck/ },
  },
  {
    it: 'a waiver without an end in sight',
    route: 'POST waivers',
    as: () => approver,
    input: () => ({
      application: 'orders',
      environment: 'prod',
      gate: 'order',
      reason: 'x',
      endsAt: new Date(Date.now() + 31 * 86_400_000).toISOString(),
    }),
    expected: { code: 'invalid_input', words: /30 days/ },
  },
  {
    it: 'stopping the line without an incident',
    route: 'POST freezes',
    as: () => sre,
    input: () => ({ kind: 'stop_the_line', reason: 'x' }),
    expected: { code: 'invalid_input', words: /names the incident/ },
  },
  {
    it: 'lifting what does not exist',
    route: 'POST freezes/{freeze}/lifts',
    as: () => sre,
    input: () => ({ freeze: 'none' }),
    expected: { code: 'not_found', words: /no freeze none/ },
  },
  {
    it: 'a weekly window by an offset, which knows no summer',
    route: 'POST freezes',
    as: () => sre,
    input: () => ({ reason: 'x', weekly: { timeZone: '+01:00', closes: { day: 'fri', time: '16:00' }, opens: { day: 'mon', time: '08:00' } } }),
    expected: { code: 'invalid_input', words: /Europe\/Berlin/ },
  },
  {
    it: 'a hold by somebody without the right',
    route: 'POST holds',
    as: () => viewer,
    input: () => ({ application: 'orders', environment: 'dev', reason: 'x' }),
    expected: { code: 'forbidden', words: /hold automation/ },
  },
  {
    it: 'lifting a hold without a reason',
    route: 'POST holds/{hold}/lifts',
    as: () => sre,
    input: () => ({ hold: 'none', reason: '  ' }),
    expected: { code: 'invalid_input', words: /reason/i },
  },
  {
    it: 'lifting a hold that does not exist',
    route: 'POST holds/{hold}/lifts',
    as: () => sre,
    input: () => ({ hold: 'none', reason: 'x' }),
    expected: { code: 'not_found', words: /no hold none/ },
  },
  {
    it: 'a revision made from an old one',
    route: 'POST applications/{application}/config-revisions',
    as: () => manager,
    input: () => ({ application: 'orders', environment: 'dev', expected: 7, document: {} }),
    expected: { code: 'conflict', words: /has configuration r0; this was made from r7/ },
  },
]

describe('the doors of promotions refuse, change nothing and leave one denied entry:', () => {
  for (const row of refusals) {
    it(row.it, async () => {
      const answer = await expectRefusal(row.expected, () => call(row.route, row.as(), row.input()))
      if (row.expected.code === 'gates_blocked') {
        expect(answer.body.gates.map(({ gate }: { gate: string }) => gate).sort()).toEqual(['config', 'freeze', 'order', 'source-health', 'tier'])
      }
      if (row.expected.code === 'plan_moved') expect(answer.body.planDigest).toBe(waiting.planDigest)
    })
  }

  it('a freeze, with the code of its own, until it is lifted', async () => {
    const freeze = await call('POST freezes', sre, { environment: 'dev', reason: 'audit week', endsAt: inAnHour() })
    expect(freeze).toMatchObject({ status: 201, body: { state: 'closed', reason: 'audit week' } })
    await expectRefusal({ code: 'frozen', words: /dev is closed: a freeze, “audit week”/, fix: /Ask again after|lift/ }, () =>
      call('POST promotions', manager, ask),
    )
    expect((await call('POST freezes/{freeze}/lifts', sre, { freeze: freeze.body.id })).status).toBe(201)
    await expectRefusal({ code: 'conflict', words: /lifted or has ended/ }, () =>
      call('POST freezes/{freeze}/lifts', sre, { freeze: freeze.body.id }),
    )
  })

  it('S2.13: a release whose required key is not set', async () => {
    await makeRelease(tenant, application, 'v2.0.0', { spec: { requiredKeys: ['DB_URL'] } })
    const dev = await requestPromotion(system, { application: 'orders', environment: 'dev', release: 'v2.0.0' })
    await completeRollout(system, dev.id)
    const refusal = { code: 'gates_blocked', words: /DB_URL is required by v2\.0\.0/, fix: /Set DB_URL/ } as const
    await expectRefusal(refusal, () => call('POST promotions', manager, { ...ask, environment: 'staging', release: 'v2.0.0' }))
  })

  it('S2.2: a tag that maps to another digest than the release was sealed with', async () => {
    const moved = await makeRelease(tenant, application, 'v3.0.0')
    await completeRollout(system, (await requestPromotion(system, { application: 'orders', environment: 'dev', release: 'v3.0.0' })).id)
    const other = await makeRelease(tenant, application, 'v3.0.1')
    // No tag can be changed, not even taken away and set anew (triggers); the owner of the database can put those aside.
    const client = await database().pool.connect()
    await client.query('set session_replication_role = replica')
    await client.query("update tag set digest = $1 where tenant_id = $2 and name = 'v3.0.0'", [other.digest, tenant.id])
    await client.query('reset session_replication_role')
    client.release()
    expect(moved.digest).not.toBe(other.digest)
    const refusal = { code: 'gates_blocked', words: /Digest mismatch/ } as const
    await expectRefusal(refusal, () => call('POST promotions', manager, { ...ask, environment: 'staging', release: 'v3.0.0' }))
  })
})

describe('a stranger', () => {
  it('gets the same 404 for this tenant as for one that does not exist, with a session and with a token', async () => {
    for (const as of [stranger, foreignToken]) {
      const there = await call('POST promotions', as, ask)
      expect(there).toMatchObject({ status: 404, body: { code: 'not_found', detail: expect.stringContaining(`There is no tenant ${tenant.slug}`) } })
    }
  })

  it('reads no promotion of ours by its id in their own tenant', async () => {
    const own = await makeTenant()
    const person = await makePerson({ tenant: own, roles: ['approver', 'release_manager'] })
    const { GET } = (await import('./tenants/[tenant]/promotions/[promotion]/route')) as { GET: RouteHandler }
    const path = '/api/v1/tenants/{tenant}/promotions/{promotion}'
    const theirs = await callRoute(GET, { path, params: { tenant: own.slug, promotion: waiting.id }, as: person })
    const nothing = await callRoute(GET, { path, params: { tenant: own.slug, promotion: 'none' }, as: person })
    expect([theirs.status, theirs.body.detail.replace(waiting.id, 'none')]).toEqual([nothing.status, nothing.body.detail])
  })
})

describe('the doors of promotions answer', () => {
  it('every read, and the approval of another person', async () => {
    for (const [route, input] of [
      ['GET board', {}],
      ['GET board/{application}/{environment}', { application: 'orders', environment: 'prod' }],
      ['GET promotion-previews', { application: 'orders', environment: 'dev', release: 'v1.1.0' }],
      ['GET promotions', { environment: 'prod', pageSize: '5' }],
      ['GET promotions/{promotion}', { promotion: waiting.id }],
      ['GET inbox', {}],
      ['GET inbox/count', {}],
      ['GET rollback-candidates', { application: 'orders', environment: 'dev' }],
      ['GET environment-history', { environment: 'dev' }],
      ['GET waivers', {}],
      ['GET freezes', { includePast: 'true' }],
      ['GET applications/{application}/config-revisions', { application: 'orders', environment: 'dev' }],
      ['GET applications/{application}/config-revisions/{number}', { application: 'orders', environment: 'dev', number: 0 }],
    ] as const) {
      expect([route, (await call(route, viewer, input)).status]).toEqual([route, 200])
    }
    const approved = await call('POST promotions/{promotion}/approvals', approver, { promotion: waiting.id, planDigest: waiting.planDigest })
    expect(approved).toMatchObject({ status: 201, body: { state: 'rolling_out', may: { cancel: { allowed: false } } } })
    const again = approvePromotion(createContext({ tenant, actor: approver }), { promotion: waiting.id, planDigest: waiting.planDigest })
    await expect(again).rejects.toMatchObject({ code: 'conflict' })
  })
})
