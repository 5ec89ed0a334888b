import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { routes, routeSpec, type RouteName } from '#app/api/routes'
import type { RoutePermission } from '#app/api/route-spec'
import { permissions, roles, type Role, type Verb } from '#lib/access/permissions'
import type { TenantRef } from '#lib/platform/actor'
import { useTestDatabase } from '#lib/testing/database'
import { asPlatform, makePerson, makeTenant, type Person } from '#lib/testing/factories'
import { callRoute, makeToken, type RouteAnswer, type RouteHandler } from '#lib/testing/http'

useTestDatabase()

// Written by hand from the specification, on purpose not read from the table that it checks. Where a role has a verb in
// environments that are not protected only, the door lets it in and the command asks again.
const expected: Record<Verb, readonly Role[]> = {
  'tenant.read': ['viewer', 'developer', 'release_manager', 'approver', 'sre', 'evidence_owner', 'auditor', 'tenant_admin'],
  'artifact.upload': ['developer', 'release_manager'],
  'release.annotate': ['developer', 'release_manager'],
  'registry.push': ['developer', 'release_manager'],
  'release.quarantine': ['release_manager'],
  'kit.prepare': ['release_manager'],
  'retention.pin': ['release_manager'],
  'promotion.request': ['developer', 'release_manager', 'sre'],
  'promotion.cancel': ['developer', 'release_manager', 'sre'],
  'promotion.approve': ['approver'],
  'waiver.grant': ['approver'],
  'rollback.request': ['release_manager', 'sre'],
  'deployment.operate': ['release_manager', 'sre'],
  'freeze.set': ['release_manager', 'sre'],
  'hold.set': ['release_manager', 'sre'],
  'breakglass.use': ['sre'],
  'overlay.edit': ['developer', 'release_manager', 'sre'],
  'secret.write': ['sre', 'tenant_admin'],
  'evidence.attach': ['developer', 'release_manager', 'sre', 'evidence_owner'],
  'checklist.sign': ['evidence_owner'],
  'kit.accept': ['evidence_owner'],
  'audit.read': ['auditor', 'tenant_admin'],
  'audit.export': ['auditor'],
  'desk.use': ['auditor'],
  'settings.read': ['auditor', 'tenant_admin'],
  'member.manage': ['tenant_admin'],
  'token.manage': ['tenant_admin'],
  'environment.manage': ['tenant_admin'],
  'policy.edit': ['tenant_admin'],
  'webhook.manage': ['tenant_admin'],
  'provider.manage': ['tenant_admin'],
  'tenant.settings': ['tenant_admin'],
}
const ofPersonsOnly: Verb[] = ['promotion.approve', 'waiver.grant', 'breakglass.use', 'checklist.sign', 'kit.accept', 'member.manage', 'token.manage']

let home: TenantRef
let foreign: TenantRef
const people = new Map<string, Person>()
let root: Person
let token: string

const names = (Object.keys(routes) as RouteName[]).filter((name) => routeSpec(name).servedBy !== 'http')
const isPublic = (name: RouteName) => routeSpec(name).permission === 'public'
const inTenant = (name: string) => name.includes('/tenants/{tenant}')

async function handlerOf(name: RouteName): Promise<RouteHandler> {
  const [method = '', path = ''] = name.split(' ')
  const file = join(import.meta.dirname, path.replace('/api/v1/', '').replaceAll(/\{(\w+)\}/g, '[$1]'), 'route.ts')
  expect(existsSync(file)).toBe(true)
  return ((await import(file)) as Record<string, RouteHandler>)[method] as RouteHandler
}

/** The call with nothing sound in it: whoever may gets as far as the input or the thing, and everybody else does not. */
async function knock(name: RouteName, tenant: string, as?: Person | string): Promise<RouteAnswer> {
  const [method = '', path = ''] = name.split(' ')
  const keys = [...path.matchAll(/\{(\w+)\}/g)].map(([, key]) => key ?? '')
  const params = Object.fromEntries(keys.map((key) => [key, key === 'tenant' ? tenant : 'none-such']))
  const body = ['POST', 'PUT', 'PATCH'].includes(method) ? { body: { nonsense: true } } : {}
  return callRoute(await handlerOf(name), { method, path, params, ...body, ...(as === undefined ? {} : { as }) })
}

/** `in` when the door opened, whatever became of the nonsense behind it; else what it said. */
function outcome({ status, body }: RouteAnswer): string {
  if (status >= 500) return `fault ${status}: ${JSON.stringify(body)}`
  if (status === 401 && body.code === 'unauthenticated') return 'unauthenticated'
  if (status === 403 && body.code === 'forbidden') return 'forbidden'
  if (status === 404 && /^There is no tenant \S+ that you can see\.$/.test(body.detail)) return 'not_found'
  return 'in'
}

/** The answer without what differs between any two: its id and the name that was asked for. */
function blind({ body }: RouteAnswer, slug: string): string {
  return JSON.stringify({ ...body, requestId: '', detail: body.detail.replace(slug, 'X') })
}

function mayEnter(permission: RoutePermission, role: string): boolean {
  if (permission === 'public' || permission === 'signed_in') return true
  if (permission.startsWith('platform:')) return role === 'platform_admin'
  return role !== 'platform_admin' && expected[permission as Verb].includes(role as Role)
}

beforeAll(async () => {
  home = await makeTenant()
  foreign = await makeTenant()
  for (const role of roles) people.set(role, await makePerson({ tenant: home, roles: [role] }))
  root = await makePerson({ isPlatformAdmin: true })
  const everything = await makePerson({ tenant: home, roles: [...roles] })
  token = await makeToken(everything, home, Object.keys(permissions))
})

describe('permissions', () => {
  it('S-02: the table is the one of the specification', () => {
    const table = Object.fromEntries(
      Object.entries(permissions).map(([verb, permission]) => [
        verb,
        [...permission.roles, ...('unprotectedOnly' in permission ? permission.unprotectedOnly : [])].toSorted(),
      ]),
    )
    expect(table).toEqual(Object.fromEntries(Object.entries(expected).map(([verb, list]) => [verb, list.toSorted()])))
  })

  it('S-02: each role enters the routes of its verbs in its own tenant, and no other', async () => {
    const wrong: string[] = []
    for (const name of names) {
      const { permission } = routeSpec(name)
      for (const [role, person] of people) {
        const answer = await knock(name, home.slug, person)
        const should = mayEnter(permission, role) ? 'in' : 'forbidden'
        if (outcome(answer) !== should) wrong.push(`${role}: ${name}: ${outcome(answer)} for ${should}: ${JSON.stringify(answer.body)}`)
      }
    }
    expect(wrong).toEqual([])
  }, 240_000)

  it('S-11: in another tenant everybody is told that there is none, word for word as of one that never was', async () => {
    const wrong: string[] = []
    for (const name of names.filter(inTenant)) {
      for (const who of [people.get('tenant_admin'), people.get('viewer'), root, token]) {
        const there = await knock(name, foreign.slug, who)
        const nowhere = await knock(name, 'never-was', who)
        if (there.status !== 404 || blind(there, foreign.slug) !== blind(nowhere, 'never-was')) wrong.push(`${name}: ${JSON.stringify(there.body)}`)
      }
    }
    expect(wrong).toEqual([])
  }, 240_000)

  it('S1.20: nobody enters anything without signing in, but what is public', async () => {
    const wrong: string[] = []
    for (const name of names) {
      for (const who of [undefined, 'cat_nonsense', 'x']) {
        const answer = outcome(await knock(name, home.slug, who))
        if (answer !== (isPublic(name) ? 'in' : 'unauthenticated')) wrong.push(`${name}: ${answer}`)
      }
    }
    expect(wrong).toEqual([])
  }, 120_000)

  it('a platform admin has the routes of the platform and none of a tenant', async () => {
    const wrong: string[] = []
    for (const name of names) {
      const answer = outcome(await knock(name, home.slug, root))
      const should = inTenant(name) ? 'not_found' : 'in'
      if (answer !== should) wrong.push(`${name}: ${answer} for ${should}`)
    }
    expect(wrong).toEqual([])
  }, 120_000)

  it('a token with every verb of every role has no decision of a person and nothing of the platform', async () => {
    const wrong: string[] = []
    for (const name of names.filter((one) => !isPublic(one) && routeSpec(one).permission !== 'signed_in')) {
      const { permission } = routeSpec(name)
      const isClosed = permission.startsWith('platform:') || ofPersonsOnly.includes(permission as Verb)
      const answer = outcome(await knock(name, home.slug, token))
      if (answer !== (isClosed ? 'forbidden' : 'in')) wrong.push(`${name}: ${answer}`)
    }
    expect(wrong).toEqual([])
  }, 120_000)

  it('every refusal of somebody known left one denied entry, none of them in the log of a stranger', async () => {
    const stranger = await asPlatform((tx) => tx.auditEntry.count({ where: { log: foreign.id } }))
    expect(stranger).toBe(0)
    // New people, since those above are counted together by now.
    const viewer = await makePerson({ tenant: home, roles: ['viewer'] })
    const entriesOf = (log: string) => asPlatform((tx) => tx.auditEntry.count({ where: { outcome: 'denied', log, actor: viewer.id } }))
    await knock('PATCH /api/v1/tenants/{tenant}', home.slug, viewer)
    expect([await entriesOf(home.id), await entriesOf('platform')]).toEqual([1, 0])
    await knock('PATCH /api/v1/tenants/{tenant}', foreign.slug, viewer)
    expect([await entriesOf(home.id), await entriesOf('platform')]).toEqual([1, 1])
    const all = await asPlatform((tx) => tx.auditEntry.count())
    await knock('PATCH /api/v1/tenants/{tenant}', home.slug)
    expect(await asPlatform((tx) => tx.auditEntry.count())).toBe(all)
  })
})
