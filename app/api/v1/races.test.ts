// Two who do at the same moment what only one of them can; and what is written nowhere.
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openApiDocument } from '#app/api/openapi'
import { POST as accept } from '#app/api/v1/invitations/[token]/acceptances/route'
import { PUT as changePassword } from '#app/api/v1/me/password/route'
import { GET as me } from '#app/api/v1/me/route'
import { POST as stepUp } from '#app/api/v1/sessions/current/authentications/route'
import { POST as openSession } from '#app/api/v1/sessions/route'
import { ensureFirstAdmin } from '#lib/access/commands/ensure-first-admin'
import { sealSession } from '#lib/access/commands/session-cookie'
import type { TenantRef } from '#lib/platform/context'
import { database } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { secretKey } from '#lib/platform/keys'
import { createContext } from '#lib/platform/context'
import { requestPromotion } from '#lib/promotions/commands/request-promotion'
import { useTestDatabase } from '#lib/testing/database'
import { asPlatform, makeApplication, makePerson, makeTenant, type Person } from '#lib/testing/factories'
import { bearerOf, callRoute, type RouteAnswer, type RouteHandler } from '#lib/testing/http'
import { completeRollout } from '#lib/testing/promotions'
import { makeRelease } from '#lib/testing/releases'

const state = useTestDatabase()

let tenant: TenantRef
let admin: Person
let manager: Person
let approvers: Person[]
const password = 'CANARY a long enough password'
let root = ''

beforeAll(async () => {
  tenant = await makeTenant({ slug: 'northwind' })
  root = (await ensureFirstAdmin({ email: 'root@northwind.test', password })).userId
  admin = await makePerson({ tenant, roles: ['tenant_admin'] })
  manager = await makePerson({ tenant, roles: ['release_manager'] })
  approvers = await Promise.all([1, 2, 3, 4].map(() => makePerson({ tenant, roles: ['approver'] })))
  for (const person of [admin, manager, ...approvers]) await bearerOf(person)
})

/** `POST promotions/{promotion}/approvals` of the tenant. */
async function call(route: string, as: Person | string, input: Record<string, unknown> = {}): Promise<RouteAnswer> {
  const [method = '', rest = ''] = route.split(' ')
  const file = join(import.meta.dirname, 'tenants/[tenant]', rest.replaceAll(/\{(\w+)\}/g, '[$1]'), 'route.ts')
  const handler = ((await import(file)) as Record<string, RouteHandler>)[method] as RouteHandler
  const keys = [...rest.matchAll(/\{(\w+)\}/g)].map(([, key]) => key ?? '')
  const params = { tenant: tenant.slug, ...Object.fromEntries(keys.map((key) => [key, String(input[key])])) }
  const sent = Object.fromEntries(Object.entries(input).filter(([key]) => !keys.includes(key)))
  const payload = method === 'GET' || method === 'DELETE' ? { query: sent as Record<string, string> } : { body: sent }
  return callRoute(handler, { method, path: `/api/v1/tenants/{tenant}/${rest}`, params, as, ...payload })
}

async function waitingInProd(): Promise<{ id: string; planDigest: string }> {
  const application = await makeApplication(tenant)
  await makeRelease(tenant, application, 'v1.0.0')
  const ctx = createContext({ tenant, actor: manager })
  const ask = (environment: string) => requestPromotion(ctx, { application: application.slug, environment, release: 'v1.0.0' })
  for (const environment of ['dev', 'staging']) await completeRollout(ctx, (await ask(environment)).id)
  return ask('prod')
}

describe('at the same moment', () => {
  it('R-06: four approvers approve, one rejects and the requester cancels: one of it happens, one rollout at most', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id, planDigest } = await waitingInProd()
      const answers = await Promise.all([
        ...approvers.map((person) => call('POST promotions/{promotion}/approvals', person, { promotion: id, planDigest })),
        call('POST promotions/{promotion}/rejections', approvers[0] ?? admin, { promotion: id, reason: 'not now' }),
        call('POST promotions/{promotion}/cancellations', manager, { promotion: id }),
      ])
      const said = answers.map(({ status, body }) => (status === 201 ? 'done' : `${status} ${body.code}`))
      expect(said.filter((one) => !['done', '409 conflict', '409 plan_moved'].includes(one))).toEqual([])
      const row = await asPlatform((tx) => tx.promotion.findUniqueOrThrow({ where: { id } }))
      const rollouts = await asPlatform((tx) => tx.rollout.count({ where: { promotionId: id } }))
      const consumed = await asPlatform((tx) => tx.approval.count({ where: { promotionId: id, consumedAt: { not: null } } }))
      expect([row.state, rollouts]).toEqual(
        expect.toBeOneOf([
          ['rolling_out', 1],
          ['rejected', 0],
          ['cancelled', 0],
        ]),
      )
      expect([row.state, consumed > 0]).toEqual([row.state, row.state === 'rolling_out'])
    }
  })

  it('S-09: a token is used while it is revoked: nothing that begins after the answer gets in', async () => {
    const created = await call('POST tokens', admin, { name: 'ci', verbs: ['tenant.read'] })
    const secret: string = created.body.secret
    let isRevoked = false
    const late: number[] = []
    const use = async (): Promise<void> => {
      for (let n = 0; n < 30; n += 1) {
        const began = isRevoked
        const { status } = await call('GET members', secret)
        if (began) late.push(status)
        expect([200, 401]).toContain(status)
      }
    }
    const revoke = async (): Promise<void> => {
      expect((await call('GET members', secret)).status).toBe(200)
      expect((await call('DELETE tokens/{token}', admin, { token: created.body.id })).status).toBe(204)
      isRevoked = true
    }
    await Promise.all([use(), use(), use(), revoke()])
    expect(late.every((status) => status === 401)).toBe(true)
    expect((await call('GET members', secret)).status).toBe(401)
  })

  it('S-35: one session types its password three times: it goes on once', async () => {
    const session = { id: newId(), userId: root, expiresAt: new Date(Date.now() + 3_600_000) }
    await asPlatform((tx) => tx.session.create({ data: session, select: { id: true } }))
    const sealed = await sealSession({ sessionId: session.id, expiresAt: session.expiresAt })
    const headers = { cookie: sealed.slice(0, sealed.indexOf(';')), origin: 'http://caisson.test' }
    const type = () => callRoute(stepUp, { method: 'POST', path: '/api/v1/sessions/current/authentications', headers, body: { password } })
    const answers = await Promise.all([type(), type(), type()])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 401, 401])
    expect(await asPlatform((tx) => tx.session.count({ where: { userId: root, revokedAt: null } }))).toBe(1)
  })
})

describe('S-03: a secret', () => {
  it('is in no row, entry, event, refusal or document, in whatever spelling', async () => {
    const heard: string[] = []
    const keep = <T extends RouteAnswer>(answer: T): T => {
      if (answer.status >= 400) heard.push(JSON.stringify(answer.body))
      return answer
    }
    const signIn = (email: string, word: string) =>
      callRoute(openSession, { method: 'POST', path: '/api/v1/sessions', body: { email, password: word } })
    const secrets: string[] = [password, 'CANARY new password']
    const session = await signIn('root@northwind.test', password)
    secrets.push(session.body.token)
    const token = await call('POST tokens', admin, { name: 'ci', verbs: ['tenant.read'] })
    secrets.push(token.body.secret)
    const invitation = await call('POST invitations', admin, { email: 'new@northwind.test', roles: ['viewer'] })
    secrets.push(invitation.body.token)
    const params = { token: invitation.body.token }
    const acceptances = '/api/v1/invitations/{token}/acceptances'
    const body = { name: 'New', password }
    expect((await callRoute(accept, { method: 'POST', path: acceptances, params, body })).status).toBe(201)
    const first = await asPlatform((tx) => tx.session.findFirstOrThrow({ where: { userId: root, tokenHash: null } }))
    secrets.push((await sealSession({ sessionId: first.id, expiresAt: first.expiresAt })).split(/[=;]/)[1] ?? '')
    const typed = { currentPassword: password, newPassword: secrets[1] }
    // Each way to be refused with a secret in hand: the wrong field, the wrong shape, the wrong place, too late.
    keep(await signIn(password, 'root@northwind.test'))
    keep(await callRoute(openSession, { method: 'POST', path: '/api/v1/sessions', body: { email: 'x', password: { secret: password } } }))
    keep(await callRoute(openSession, { method: 'POST', path: '/api/v1/sessions', body: `{"password":"${password}` }))
    keep(await callRoute(openSession, { method: 'POST', path: '/api/v1/sessions', body: { [password]: 'x' } }))
    keep(await callRoute(accept, { method: 'POST', path: acceptances, params, body }))
    keep(await callRoute(stepUp, { method: 'POST', path: '/api/v1/sessions/current/authentications', as: manager, body: { password } }))
    keep(await callRoute(changePassword, { method: 'PUT', path: '/api/v1/me/password', as: manager, body: typed }))
    keep(await callRoute(me, { path: '/api/v1/me', as: `${token.body.secret}x` }))
    keep(await call('DELETE tokens/{token}', admin, { token: token.body.secret }))
    keep(await call('GET search', admin, { q: token.body.secret, [token.body.secret]: 'x' }))
    expect((await callRoute(changePassword, { method: 'PUT', path: '/api/v1/me/password', as: session.body.token, body: typed })).status).toBe(200)

    const keys = ['session', 'throttle', 'registry-token'].map((name) => secretKey(name))
    const databasePassword = new URL(state.ownerUrl).password
    const needles = [
      ...secrets.flatMap((secret) => [
        secret,
        Buffer.from(secret).toString('base64'),
        Buffer.from(secret).toString('hex'),
        encodeURIComponent(secret),
      ]),
      ...keys.flatMap((key) => [key.toString('hex'), key.toString('base64'), key.toString('base64url')]),
      ...(databasePassword.length > 8 ? [databasePassword] : []),
      state.ownerUrl,
    ]
    const { rows: tables } = await database().pool.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'graphile_worker')`,
    )
    const places: [where: string, text: string][] = [
      ['the document', JSON.stringify(openApiDocument())],
      ...heard.map((text): [string, string] => ['a refusal', text]),
    ]
    for (const { name } of tables) {
      const { rows } = await database().pool.query<{ text: string }>(`select coalesce(string_agg(t::text, '|'), '') as text from ${name} t`)
      places.push([name, rows[0]?.text ?? ''])
    }
    expect(heard.length).toBeGreaterThan(8)
    const found = places.flatMap(([where, text]) =>
      needles.filter((needle) => text.includes(needle)).map((needle) => `${where}: ${needle.slice(0, 12)}…`),
    )
    expect(found).toEqual([])
  })
})
