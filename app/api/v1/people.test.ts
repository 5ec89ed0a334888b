import { beforeAll, describe, expect, it } from 'vitest'
import { GET as getInvitation } from '#app/api/v1/invitations/[token]/route'
import { POST as accept } from '#app/api/v1/invitations/[token]/acceptances/route'
import { PUT as changePassword } from '#app/api/v1/me/password/route'
import { GET as me } from '#app/api/v1/me/route'
import { POST as join } from '#app/api/v1/platform/tenants/[slug]/memberships/route'
import { DELETE as endSession } from '#app/api/v1/sessions/[session]/route'
import { POST as stepUp } from '#app/api/v1/sessions/current/authentications/route'
import { GET as sessions, POST as openSession } from '#app/api/v1/sessions/route'
import { DELETE as revokeInvitation } from '#app/api/v1/tenants/[tenant]/invitations/[invitation]/route'
import { GET as invitations, POST as invite } from '#app/api/v1/tenants/[tenant]/invitations/route'
import { DELETE as removeMember, PATCH as changeMember } from '#app/api/v1/tenants/[tenant]/members/[member]/route'
import { GET as members } from '#app/api/v1/tenants/[tenant]/members/route'
import { GET as getTenant, PATCH as renameTenant } from '#app/api/v1/tenants/[tenant]/route'
import { DELETE as revokeToken } from '#app/api/v1/tenants/[tenant]/tokens/[token]/route'
import { GET as tokens, POST as createToken } from '#app/api/v1/tenants/[tenant]/tokens/route'
import { ensureFirstAdmin } from '#lib/access/commands/ensure-first-admin'
import { resetPassword } from '#lib/access/commands/reset-password'
import { identifyToken } from '#lib/access/queries/identify-token'
import { requireRecentAuthentication } from '#lib/access/recent-authentication'
import { createContext, type TenantRef } from '#lib/platform/context'
import { isRefusal } from '#lib/platform/refusal'
import { useTestDatabase } from '#lib/testing/database'
import { asPlatform, makePerson, makeTenant, type Person } from '#lib/testing/factories'
import { callRoute, type RouteAnswer } from '#lib/testing/http'

useTestDatabase()

const password = 'a long enough password'
let tenant: TenantRef
let admin: Person
const signIn = (email: string, word: string) => callRoute(openSession, { method: 'POST', path: '/api/v1/sessions', body: { email, password: word } })
const inTenant = (method: string, path: string, as: Person | string, body?: unknown, params: Record<string, string> = {}) => ({
  method,
  path: `/api/v1/tenants/{tenant}${path}`,
  params: { tenant: tenant.slug, ...params },
  as,
  ...(body === undefined ? {} : { body }),
})

const acceptAs = (token: string) =>
  callRoute(accept, { method: 'POST', path: '/api/v1/invitations/{token}/acceptances', params: { token }, body: { name: 'L', password } })
const end = (as: Person | string, session: string) =>
  callRoute(endSession, { method: 'DELETE', path: '/api/v1/sessions/{session}', params: { session }, as })

async function inviteAndAccept(email: string, roles: string[]): Promise<string> {
  const { body } = await callRoute(invite, inTenant('POST', '/invitations', admin, { email, roles }))
  const params = { token: body.token }
  const answer = await callRoute(accept, { method: 'POST', path: '/api/v1/invitations/{token}/acceptances', params, body: { name: email, password } })
  expect(answer.status).toBe(201)
  return (await signIn(email, password)).body.token
}

/** What a refusal did: the answer's code, and how many denied entries it left. */
async function denied(work: () => Promise<RouteAnswer>): Promise<{ status: number; code: string; entries: number }> {
  const before = await asPlatform((tx) => tx.auditEntry.count({ where: { outcome: 'denied' } }))
  const { status, body } = await work()
  return { status, code: body?.code, entries: (await asPlatform((tx) => tx.auditEntry.count({ where: { outcome: 'denied' } }))) - before }
}

beforeAll(async () => {
  tenant = await makeTenant()
  admin = await makePerson({ tenant, roles: ['tenant_admin'] })
})

describe('the first administrator', () => {
  it('S3.15: is made once, by two starts at once, and never overwritten', async () => {
    const made = await Promise.all([ensureFirstAdmin({ email: 'Root@Northwind.test' }), ensureFirstAdmin({ email: 'other@northwind.test' })])
    expect(new Set(made.map(({ userId }) => userId)).size).toBe(1)
    expect(made.filter((one) => one.password !== undefined)).toHaveLength(1)
    const again = await ensureFirstAdmin({ email: 'third@northwind.test', password: 'another long password' })
    expect(again).toEqual({ userId: made[0]?.userId, email: made[0]?.email })
    expect((await signIn('third@northwind.test', 'another long password')).status).toBe(401)
  })

  it('gets a new password from the command line of the server, which ends the old sessions', async () => {
    const { email } = await ensureFirstAdmin({ email: 'x@northwind.test' })
    const first = await resetPassword({ email })
    const session = await signIn(` ${email.toUpperCase()} `, first.password)
    expect(session.status).toBe(201)
    const second = await resetPassword({ email })
    expect((await callRoute(me, { path: '/api/v1/me', as: session.body.token })).status).toBe(401)
    expect((await signIn(email, first.password)).status).toBe(401)
    expect((await signIn(email, second.password)).status).toBe(201)
    await expect(resetPassword({ email: 'nobody@northwind.test' })).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('an invitation', () => {
  it('lets somebody new in, once', async () => {
    const { body } = await callRoute(invite, inTenant('POST', '/invitations', admin, { email: 'New@Northwind.test', roles: ['developer'] }))
    const params = { token: body.token }
    expect(body.url).toContain(`/invitations/${body.token}`)
    const preview = await callRoute(getInvitation, { path: '/api/v1/invitations/{token}', params })
    expect(preview.body).toMatchObject({
      tenant: { slug: tenant.slug },
      email: 'new@northwind.test',
      roles: ['developer'],
      state: 'open',
      hasAccount: false,
    })
    const take = () => callRoute(accept, { method: 'POST', path: '/api/v1/invitations/{token}/acceptances', params, body: { name: 'New', password } })
    const both = await Promise.all([take(), take()])
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, expect.toBeOneOf([409, 410])])
    expect((await take()).body.code).toBe('gone')
    const session = await signIn('new@northwind.test', password)
    expect((await callRoute(me, { path: '/api/v1/me', as: session.body.token })).body.tenants).toMatchObject([
      { slug: tenant.slug, roles: ['developer'] },
    ])
    const listed = await callRoute(invitations, inTenant('GET', '/invitations', admin))
    expect(listed.body.items[0]).toMatchObject({ email: 'new@northwind.test', state: 'accepted' })
    expect(JSON.stringify(listed.body)).not.toContain(body.token)
  })

  it('asks the owner of an account to be signed in, and nobody else gets in', async () => {
    const person = await makePerson()
    const stranger = await makePerson()
    const { body } = await callRoute(invite, inTenant('POST', '/invitations', admin, { email: person.email, roles: ['viewer'] }))
    const call = { method: 'POST', path: '/api/v1/invitations/{token}/acceptances', params: { token: body.token } }
    expect((await callRoute(accept, { ...call, body: { name: 'X', password } })).body.code).toBe('conflict')
    expect((await callRoute(accept, { ...call, as: stranger })).body.code).toBe('forbidden')
    expect((await callRoute(accept, { ...call, as: person })).status).toBe(201)
    expect((await callRoute(members, inTenant('GET', '/members', person))).body.items).toContainEqual(
      expect.objectContaining({ id: person.id, isYou: true }),
    )
  })

  it('is worth nothing when it was revoked, ran out or was never made, and there is one open per address', async () => {
    const make = () => callRoute(invite, inTenant('POST', '/invitations', admin, { email: 'late@northwind.test', roles: ['viewer'] }))
    const first = await make()
    expect((await make()).body.code).toBe('conflict')
    await callRoute(revokeInvitation, inTenant('DELETE', '/invitations/{invitation}', admin, undefined, { invitation: first.body.id }))
    expect((await acceptAs(first.body.token)).body.code).toBe('gone')
    const second = await make()
    await asPlatform((tx) => tx.invitation.update({ where: { id: second.body.id }, data: { expiresAt: new Date(0) } }))
    expect((await acceptAs(second.body.token)).body.code).toBe('gone')
    expect((await make()).status).toBe(201)
    expect((await acceptAs(`civ_${'a'.repeat(49)}`)).body.code).toBe('not_found')
    expect(await asPlatform((tx) => tx.user.count({ where: { email: 'late@northwind.test' } }))).toBe(0)
  })

  it('takes no weak password', async () => {
    const { body } = await callRoute(invite, inTenant('POST', '/invitations', admin, { email: 'weak-password@northwind.test', roles: ['viewer'] }))
    for (const weak of ['short', 'weak-password@northwind.test', 'aaaaaaaaaaaaaaaa', 'Weak-Password']) {
      const answer = await callRoute(accept, {
        method: 'POST',
        path: '/api/v1/invitations/{token}/acceptances',
        params: { token: body.token },
        body: { name: 'W', password: weak },
      })
      expect(answer.body.code).toBe('invalid_input')
    }
  })
})

describe('members', () => {
  it('keep at least one tenant admin, also when two remove each other at once', async () => {
    const other = await makeTenant()
    const [a, b] = [await makePerson({ tenant: other, roles: ['tenant_admin'] }), await makePerson({ tenant: other, roles: ['tenant_admin'] })]
    const remove = (who: Person, whom: Person) =>
      callRoute(removeMember, {
        method: 'DELETE',
        path: '/api/v1/tenants/{tenant}/members/{member}',
        params: { tenant: other.slug, member: whom.id },
        as: who,
      })
    const answers = await Promise.all([remove(a, b), remove(b, a)])
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
    const left = answers[0]?.status === 204 ? a : b
    expect(await denied(() => remove(left, left))).toEqual({ status: 409, code: 'conflict', entries: 1 })
    const demote = await callRoute(changeMember, {
      method: 'PATCH',
      path: '/api/v1/tenants/{tenant}/members/{member}',
      params: { tenant: other.slug, member: left.id },
      as: left,
      body: { roles: ['viewer'] },
    })
    expect(demote.body.code).toBe('conflict')
  })

  it('lose their access at the next request when they are removed, with every token they made', async () => {
    const person = await makePerson({ tenant, roles: ['tenant_admin', 'developer'] })
    const { body } = await callRoute(createToken, inTenant('POST', '/tokens', person, { name: 'ci', verbs: ['artifact.upload'] }))
    expect((await callRoute(getTenant, inTenant('GET', '', body.secret))).status).toBe(200)
    await callRoute(removeMember, inTenant('DELETE', '/members/{member}', admin, undefined, { member: person.id }))
    expect((await callRoute(getTenant, inTenant('GET', '', person))).status).toBe(404)
    expect((await callRoute(getTenant, inTenant('GET', '', body.secret))).status).toBe(401)
    expect(await identifyToken(body.secret)).toBeNull()
  })

  it('have new roles at the next request', async () => {
    const person = await makePerson({ tenant, roles: ['viewer'] })
    expect(await denied(() => callRoute(renameTenant, inTenant('PATCH', '', person, { name: 'Mine' })))).toEqual({
      status: 403,
      code: 'forbidden',
      entries: 1,
    })
    const body = { roles: ['tenant_admin', 'viewer'], environments: ['dev'] }
    const changed = await callRoute(changeMember, inTenant('PATCH', '/members/{member}', admin, body, { member: person.id }))
    expect(changed.body).toMatchObject({ roles: ['viewer', 'tenant_admin'], environments: ['dev'] })
    expect((await callRoute(renameTenant, inTenant('PATCH', '', person, { name: 'Ours' }))).body.name).toBe('Ours')
  })

  it('from the platform join with a reason, which the log of the tenant keeps', async () => {
    const platformAdmin = await makePerson({ isPlatformAdmin: true })
    expect((await callRoute(getTenant, inTenant('GET', '', platformAdmin))).status).toBe(404)
    const call = { method: 'POST', path: '/api/v1/platform/tenants/{slug}/memberships', params: { slug: tenant.slug }, as: platformAdmin }
    expect((await callRoute(join, { ...call, body: { roles: ['auditor'] } })).body.code).toBe('invalid_input')
    expect((await callRoute(join, { ...call, body: { roles: ['auditor'], reason: 'INC-12' } })).status).toBe(201)
    expect((await callRoute(getTenant, inTenant('GET', '', platformAdmin))).status).toBe(200)
    const entry = await asPlatform((tx) => tx.auditEntry.findFirstOrThrow({ where: { log: tenant.id, action: 'member.joined_from_platform' } }))
    expect(JSON.parse(entry.content)).toMatchObject({ reason: 'INC-12', after: { roles: ['auditor'] } })
    expect((await callRoute(join, { ...call, as: admin, body: { roles: ['auditor'], reason: 'why not' } })).body.code).toBe('forbidden')
  })
})

describe('API tokens', () => {
  it('hold a subset of what their creator may, and no decision of a person', async () => {
    const maker = await makePerson({ tenant, roles: ['tenant_admin', 'developer', 'approver'] })
    const make = (verbs: string[]) => callRoute(createToken, inTenant('POST', '/tokens', maker, { name: 'ci', verbs }))
    for (const verbs of [['promotion.approve'], ['waiver.grant'], ['member.manage'], ['token.manage'], ['freeze.set'], ['audit.export']]) {
      expect(await denied(() => make(verbs))).toEqual({ status: 403, code: 'forbidden', entries: 1 })
    }
    expect((await make(['constructor'])).body.code).toBe('invalid_input')
    const { body } = await make(['registry.push'])
    expect(body.verbs).toEqual(['registry.push', 'tenant.read'])
    expect(await identifyToken(body.secret)).toMatchObject({ actorId: maker.id, grants: [{ tenantSlug: tenant.slug, mayPush: true, mayPull: true }] })
    expect((await callRoute(createToken, inTenant('POST', '/tokens', body.secret, { name: 'x', verbs: ['tenant.read'] }))).status).toBe(403)
    const list = await callRoute(tokens, inTenant('GET', '/tokens', maker))
    expect(JSON.stringify(list.body)).not.toContain(body.secret)
    expect(list.body.offeredVerbs).not.toContain('promotion.approve')
    // The creator lost a role: so did the token.
    await asPlatform((tx) => tx.membership.updateMany({ where: { userId: maker.id }, data: { roles: ['tenant_admin'] } }))
    expect(await identifyToken(body.secret)).toMatchObject({ grants: [{ mayPush: false, mayPull: true }] })
    await callRoute(revokeToken, inTenant('DELETE', '/tokens/{token}', maker, undefined, { token: body.id }))
    expect((await callRoute(me, { path: '/api/v1/me', as: body.secret })).status).toBe(401)
  })

  it('S-11: of another tenant find nothing here, in the words for a tenant that never was', async () => {
    const other = await makeTenant()
    const maker = await makePerson({ tenant: other, roles: ['tenant_admin'] })
    const params = { tenant: other.slug }
    const { body } = await callRoute(createToken, {
      method: 'POST',
      path: '/api/v1/tenants/{tenant}/tokens',
      params,
      as: maker,
      body: { name: 'x', verbs: ['tenant.read'] },
    })
    const foreign = await callRoute(getTenant, inTenant('GET', '', body.secret))
    const unknown = await callRoute(getTenant, { path: '/api/v1/tenants/{tenant}', params: { tenant: 'nowhere' }, as: body.secret })
    expect(foreign.status).toBe(404)
    expect(foreign.body.detail.replace(tenant.slug, 'nowhere')).toBe(unknown.body.detail)
  })
})

describe('sessions', () => {
  it('are listed and ended by their owner only', async () => {
    const one = await inviteAndAccept('sessions@northwind.test', ['viewer'])
    const two = (await signIn('sessions@northwind.test', password)).body.token as string
    const list = (await callRoute(sessions, { path: '/api/v1/sessions', as: one })).body.items
    expect(list).toHaveLength(2)
    const other = list.find((session: { isCurrent: boolean }) => !session.isCurrent)
    expect((await end(admin, other.id)).body.code).toBe('not_found')
    expect((await end(one, other.id)).status).toBe(204)
    expect((await callRoute(me, { path: '/api/v1/me', as: two })).status).toBe(401)
    expect((await end(one, 'current')).status).toBe(204)
    expect((await callRoute(me, { path: '/api/v1/me', as: one })).status).toBe(401)
  })

  it('other than the current one end when the password changes, for which the current password is asked', async () => {
    const one = await inviteAndAccept('changes@northwind.test', ['viewer'])
    const two = (await signIn('changes@northwind.test', password)).body.token as string
    const change = (body: unknown) => callRoute(changePassword, { method: 'PUT', path: '/api/v1/me/password', as: one, body })
    expect(await denied(() => change({ currentPassword: 'not this one', newPassword: 'the next long password' }))).toEqual({
      status: 401,
      code: 'reauthentication_required',
      entries: 1,
    })
    expect((await change({ currentPassword: password, newPassword: 'the next long password' })).body).toEqual({ sessionsEnded: 1 })
    expect((await callRoute(me, { path: '/api/v1/me', as: one })).status).toBe(200)
    expect((await callRoute(me, { path: '/api/v1/me', as: two })).status).toBe(401)
    expect((await signIn('changes@northwind.test', password)).status).toBe(401)
  })

  it('S0.7: remember when the password was typed, and step up by typing it again', async () => {
    const token = await inviteAndAccept('steps@northwind.test', ['approver'])
    const who = (await callRoute(me, { path: '/api/v1/me', as: token })).body
    const long = new Date(Date.now() - 10 * 60_000)
    await asPlatform((tx) => tx.session.update({ where: { id: who.sessionId }, data: { authenticatedAt: long } }))
    const actor = { ...admin, authenticatedAt: long }
    const error = await Promise.resolve()
      .then(() => requireRecentAuthentication(createContext({ actor })))
      .catch((thrown: unknown) => thrown)
    expect(isRefusal(error) && error.code).toBe('reauthentication_required')
    const again = (word: string) =>
      callRoute(stepUp, { method: 'POST', path: '/api/v1/sessions/current/authentications', as: token, body: { password: word } })
    expect((await again('not this password')).body.code).toBe('reauthentication_required')
    expect((await again(password)).status).toBe(201)
    const { authenticatedAt } = (await callRoute(me, { path: '/api/v1/me', as: token })).body
    expect(Date.now() - Date.parse(authenticatedAt)).toBeLessThan(5 * 60_000)
  })
})
