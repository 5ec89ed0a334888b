// Streams that are open when the right to listen ends.
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownRoutes } from '#bin/http/own-routes'
import { createHttpServer } from '#bin/http/server'
import { sealSession } from '#lib/access/commands/session-cookie'
import { handleEvents } from '#lib/live/handle-events'
import type { TenantRef } from '#lib/platform/context'
import { newId } from '#lib/platform/id'
import { useTestDatabase } from '#lib/testing/database'
import { eventually } from '#lib/testing/eventually'
import { asPlatform, makePerson, makeTenant, type Person } from '#lib/testing/factories'
import { bearerOf, makeToken } from '#lib/testing/http'

useTestDatabase()

let server: Server
let url = ''
let tenant: TenantRef
let follower: { hangsUntil: Promise<void>; go: () => void }

beforeAll(async () => {
  const nothing = async () => {}
  const go = Promise.withResolvers<void>()
  follower = { hangsUntil: go.promise, go: go.resolve }
  server = createHttpServer({
    health: nothing,
    ready: nothing,
    registry: nothing,
    pages: nothing,
    own: ownRoutes(
      {
        'GET /api/v1/tenants/{tenant}/live-events': (ctx, request, _params, _query, response) => handleEvents(ctx, request, response),
        'GET /api/v1/tenants/{tenant}/environments/{environment}/applications/{application}/replicas/{replica}/logs': async (
          _ctx,
          _request,
          _params,
          _query,
          response,
        ) => {
          response.writeHead(200).write('a line\n')
          await follower.hangsUntil
        },
      },
      100,
    ),
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/tenants`
  tenant = await makeTenant({ slug: 'northwind' })
})
afterAll(() => {
  follower.go()
  server.closeAllConnections()
  server.close()
})

interface Stream {
  status: number
  hasEnded: boolean
  stop(): void
}

async function open(path: string, headers: Record<string, string>): Promise<Stream> {
  const stop = new AbortController()
  const answer = await fetch(`${url}${path}`, { headers, signal: stop.signal })
  const stream = { status: answer.status, hasEnded: false, stop: () => stop.abort() }
  const read = async () => {
    for await (const _chunk of answer.body ?? []) continue
  }
  void read()
    .catch(() => {})
    .finally(() => (stream.hasEnded = true))
  return stream
}

const newcomer = () => makePerson({ tenant, roles: ['viewer'] })
const bearer = async (person: Person) => ({ authorization: `Bearer ${await bearerOf(person)}` })
const change = (what: 'session' | 'membership' | 'user' | 'apiToken', where: object, data: object) =>
  asPlatform((tx) => (tx[what] as unknown as { updateMany(change: object): Promise<{ count: number }> }).updateMany({ where, data }))

describe('S-09: an open stream', () => {
  for (const path of ['/northwind/live-events', '/northwind/environments/dev/applications/orders/replicas/r-1/logs?follow=true']) {
    const kind = path.includes('live') ? 'of live events' : 'of the lines of a replica'

    it(`${kind} ends when the session, the membership, the account or the token of its listener does, and no other does`, async () => {
      const keeper = await open(path, await bearer(await newcomer()))
      const ends: [what: string, end: (person: Person) => Promise<{ count: number }>][] = [
        ['session', (person) => change('session', { id: person.sessionId }, { revokedAt: new Date() })],
        ['expired session', (person) => change('session', { id: person.sessionId }, { expiresAt: new Date(0) })],
        ['membership', (person) => change('membership', { userId: person.id }, { removedAt: new Date() })],
        ['account', (person) => change('user', { id: person.id }, { disabledAt: new Date() })],
        ['token', (person) => change('apiToken', { userId: person.id }, { revokedAt: new Date() })],
      ]
      for (const [what, end] of ends) {
        const person = await newcomer()
        const headers = what === 'token' ? { authorization: `Bearer ${await makeToken(person, tenant, ['tenant.read'])}` } : await bearer(person)
        const stream = await open(path, headers)
        expect([what, stream.status]).toEqual([what, 200])
        expect([what, (await end(person)).count]).toEqual([what, 1])
        await eventually(`the stream of the ${what} ends`, () => stream.hasEnded)
      }
      expect([keeper.status, keeper.hasEnded]).toEqual([200, false])
      keeper.stop()
    })
  }

  it('S-26: is opened by no page of another origin, by no cookie that ended, and by no token in its address', async () => {
    const person = await newcomer()
    const session = { id: newId(), userId: person.id, expiresAt: new Date(Date.now() + 3_600_000) }
    await asPlatform((tx) => tx.session.create({ data: session, select: { id: true } }))
    const sealed = await sealSession({ sessionId: session.id, expiresAt: session.expiresAt })
    const cookie = sealed.slice(0, sealed.indexOf(';'))
    const path = '/northwind/live-events'
    const statusOf = async (headers: Record<string, string>, query = '') => {
      const stream = await open(`${path}${query}`, headers)
      stream.stop()
      return stream.status
    }
    expect(await statusOf({ cookie })).toBe(200)
    expect(await statusOf({ cookie, origin: 'http://evil.test' })).toBe(403)
    expect(await statusOf({ cookie, origin: 'null' })).toBe(403)
    expect(await statusOf({})).toBe(401)
    const secret = await bearerOf(person)
    for (const query of [`?token=${secret}`, `?access_token=${secret}`, `?authorization=Bearer%20${secret}`])
      expect(await statusOf({}, query)).toBe(401)
    await change('session', { id: session.id }, { revokedAt: new Date() })
    expect(await statusOf({ cookie })).toBe(401)
  })
})
