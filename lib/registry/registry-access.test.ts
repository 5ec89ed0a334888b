// Who gets in: the token protocol, forged tokens, roles, and the wall between tenants.
import { createHash, createHmac, createSecretKey, generateKeyPairSync } from 'node:crypto'
import { SignJWT, type JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getRepositoryRoute } from '#app/api/v1/tenants/[tenant]/repositories/[application]/route'
import { GET as listRepositoriesRoute } from '#app/api/v1/tenants/[tenant]/repositories/route'
import { digestOf } from '#lib/oci/digest'
import { mediaTypes } from '#lib/oci/media-types'
import type { TenantRef } from '#lib/platform/context'
import { secretKey } from '#lib/platform/keys'
import { useTestDatabase } from '#lib/testing/database'
import { asPlatform, makeApplication, makePerson, makeTenant, type Person } from '#lib/testing/factories'
import { bearerOf, callRoute, makeToken } from '#lib/testing/http'
import { basic, send, smallImage, startRegistry, type Reply, type RunningRegistry } from '#lib/testing/registry'

useTestDatabase()
let registry: RunningRegistry
let ours: TenantRef
let theirs: TenantRef
let developer: Person
let push: string
let pushId: string
let pull: string
let stranger: string
const image = smallImage('ours')
const blob = image.blobs[1] ?? Buffer.alloc(0)

beforeAll(async () => {
  registry = await startRegistry()
  ours = await makeTenant({ slug: 'northwind' })
  theirs = await makeTenant({ slug: 'contoso' })
  await makeApplication(ours, 'shop')
  await makeApplication(theirs, 'shop')
  developer = await makePerson({ tenant: ours, roles: ['developer'] })
  push = await makeToken(developer, ours, ['registry.push'])
  const tokenHash = createHash('sha256').update(push).digest('hex')
  pushId = (await asPlatform((tx) => tx.apiToken.findUniqueOrThrow({ where: { tokenHash } }))).id
  pull = await makeToken(await makePerson({ tenant: ours, roles: ['viewer'] }), ours, ['tenant.read'])
  stranger = await makeToken(await makePerson({ tenant: theirs, roles: ['developer', 'tenant_admin'] }), theirs, ['registry.push'])
  for (const bytes of image.blobs)
    expect((await call('POST', `/v2/northwind/shop/blobs/uploads/?digest=${digestOf(bytes)}`, basic(push), bytes)).status).toBe(201)
  expect((await putManifest('northwind/shop', 'v1.0.0', basic(push))).status).toBe(201)
})
afterAll(() => registry.close())

function call(method: string, path: string, authorization?: string, body?: Uint8Array, type?: string): Promise<Reply> {
  return send(`${registry.url}${path}`, {
    method,
    headers: { ...(authorization === undefined ? {} : { authorization }), ...(type === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  })
}

const putManifest = (name: string, tag: string, authorization?: string) =>
  call('PUT', `/v2/${name}/manifests/${tag}`, authorization, image.manifest, mediaTypes.manifest)

async function tokenFor(secret: string, ...scopes: string[]): Promise<string> {
  const query = new URLSearchParams([['service', 'caisson'], ...scopes.map((scope) => ['scope', scope])])
  const reply = await call('GET', `/v2/token?${query.toString()}`, basic(secret, 'anybody@northwind.test'))
  expect(reply.status).toBe(200)
  return `Bearer ${reply.json<{ token: string }>().token}`
}

const codeOf = (reply: Reply) => reply.json().errors[0]?.code

async function denied(log: string): Promise<number> {
  return asPlatform((tx) => tx.auditEntry.count({ where: { log, outcome: 'denied' } }))
}

describe('the token protocol', () => {
  it('challenges whoever comes with nothing, naming realm, service and scope', async () => {
    const ping = await call('GET', '/v2/')
    expect([ping.status, codeOf(ping), ping.headers.get('docker-distribution-api-version')]).toEqual([401, 'UNAUTHORIZED', 'registry/2.0'])
    expect(ping.headers.get('www-authenticate')).toBe(`Bearer realm="${registry.url}/v2/token",service="caisson"`)
    const manifest = await call('PUT', '/v2/northwind/shop/manifests/latest')
    expect(manifest.headers.get('www-authenticate')).toMatch(/,scope="repository:northwind\/shop:pull,push"$/)
  })

  it('S2.5: gives an API token or a session token a token of five minutes that does what was asked and no more', async () => {
    for (const secret of [push, await bearerOf(developer)]) {
      const token = await tokenFor(secret, 'repository:northwind/shop:pull,push')
      expect((await call('GET', '/v2/', token)).status).toBe(200)
      expect((await call('GET', '/v2/northwind/shop/manifests/v1.0.0', token)).status).toBe(200)
      expect((await putManifest('northwind/shop', 'v1.0.0', token)).status).toBe(201)
      const beyond = [
        await call('DELETE', '/v2/northwind/shop/manifests/v1.0.0', token),
        await call('GET', '/v2/_catalog', token),
        await call('GET', '/v2/northwind/mail/tags/list', token),
      ]
      for (const reply of beyond) {
        expect(reply.status).toBe(401)
        expect(reply.headers.get('www-authenticate')).toMatch(/error="insufficient_scope"$/)
      }
      expect((await call('GET', '/v2/_catalog', await tokenFor(secret, 'registry:catalog:*'))).json<unknown>()).toEqual({
        repositories: ['northwind/shop'],
      })
    }
  })

  it('takes no password of a person, no revoked, expired or mistyped token, and nobody', async () => {
    const revoked = await makeToken(developer, ours, ['registry.push'])
    const hash = createHash('sha256').update(revoked).digest('hex')
    await asPlatform((tx) => tx.apiToken.updateMany({ where: { tokenHash: hash }, data: { revokedAt: new Date() } }))
    for (const authorization of [
      basic('correct horse battery staple', developer.email),
      basic(revoked),
      basic(`${push}x`),
      basic(''),
      'Basic ???',
      `Bearer ${push}`,
      undefined,
    ]) {
      const token = await call('GET', '/v2/token?service=caisson&scope=repository:northwind/shop:pull', authorization)
      expect([authorization, token.status]).toEqual([authorization, 401])
      expect((await call('GET', '/v2/northwind/shop/manifests/v1.0.0', authorization)).status).toBe(401)
    }
    expect((await call('POST', '/v2/token', basic(push))).status).toBe(405)
  })
})

describe('S-09: a token of the registry', () => {
  const scope = 'repository:northwind/shop:pull,push'
  const statusWith = async (token: string) => (await call('GET', '/v2/northwind/shop/manifests/v1.0.0', token)).status
  const change = (what: 'apiToken' | 'session' | 'membership' | 'user', where: object, data: object) =>
    asPlatform((tx) => (tx[what] as unknown as { updateMany(change: object): Promise<{ count: number }> }).updateMany({ where, data }))

  it('ends at once with the API token, the session, the membership or the account that it was asked with', async () => {
    const ways: [string, (person: Person, secret: string) => Promise<{ count: number }>][] = [
      ['apiToken', (_, secret) => change('apiToken', { tokenHash: createHash('sha256').update(secret).digest('hex') }, { revokedAt: new Date() })],
      [
        'expired apiToken',
        (_, secret) => change('apiToken', { tokenHash: createHash('sha256').update(secret).digest('hex') }, { expiresAt: new Date(0) }),
      ],
      ['session', (person) => change('session', { id: person.sessionId }, { revokedAt: new Date() })],
      ['membership', (person) => change('membership', { userId: person.id }, { removedAt: new Date() })],
      ['user', (person) => change('user', { id: person.id }, { disabledAt: new Date() })],
    ]
    for (const [what, end] of ways) {
      const person = await makePerson({ tenant: ours, roles: ['developer'] })
      const secret = what.endsWith('apiToken') || what === 'membership' ? await makeToken(person, ours, ['registry.push']) : await bearerOf(person)
      const token = await tokenFor(secret, scope)
      expect([what, await statusWith(token)]).toEqual([what, 200])
      expect([what, (await end(person, secret)).count]).toEqual([what, 1])
      expect([what, await statusWith(token), (await putManifest('northwind/shop', 'late', token)).status]).toEqual([what, 401, 401])
    }
  })

  it('holds no right longer than its owner does', async () => {
    const person = await makePerson({ tenant: ours, roles: ['developer'] })
    const token = await tokenFor(await bearerOf(person), scope)
    expect((await call('POST', '/v2/northwind/shop/blobs/uploads/', token)).status).toBe(202)
    await change('membership', { userId: person.id }, { roles: ['viewer'] })
    expect((await call('POST', '/v2/northwind/shop/blobs/uploads/', token)).status).toBe(403)
    expect(await statusWith(token)).toBe(200)
  })
})

describe('S-04: a forged token', () => {
  const now = () => Math.floor(Date.now() / 1000)
  const header = { alg: 'HS256', typ: 'caisson-registry+jwt' }
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

  function claims(): JWTPayload {
    return {
      iss: `${registry.url}/v2/token`,
      aud: 'caisson-registry',
      sub: developer.id,
      jti: 'forged',
      iat: now(),
      exp: now() + 300,
      by: { kind: 'api-token', id: pushId },
      asked: [{ type: 'repository', name: 'northwind/shop', actions: ['pull', 'push', 'delete'] }],
    }
  }
  const own = () => createSecretKey(secretKey('registry-token'))
  const sign = (payload: JWTPayload, key = own(), protectedHeader: Record<string, unknown> = header) =>
    new SignJWT(payload).setProtectedHeader(protectedHeader as { alg: string }).sign(key)
  const without = (name: string) => Object.fromEntries(Object.entries(claims()).filter(([key]) => key !== name))

  it('is nobody, whatever is forged about it', async () => {
    const good = await sign(claims())
    expect((await call('GET', '/v2/northwind/shop/manifests/v1.0.0', `Bearer ${good}`)).status).toBe(200)
    const [head = '', body = '', signature = ''] = good.split('.')
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string
    const other = createSecretKey(Buffer.alloc(32, 7))
    const hmac = (text: string, key: string | Buffer) => createHmac('sha256', key).update(text).digest('base64url')
    const forged: Record<string, string> = {
      'alg none': `${encode({ ...header, alg: 'none' })}.${body}.`,
      'alg None, with a signature': `${encode({ ...header, alg: 'None' })}.${body}.${signature}`,
      'no signature': `${head}.${body}.`,
      'another key': await sign(claims(), other),
      'an RSA key of its own': await new SignJWT(claims()).setProtectedHeader({ ...header, alg: 'RS256' }).sign(privateKey),
      'HS256 with a public key': `${head}.${body}.${hmac(`${head}.${body}`, pem)}`,
      'HS512 with our key': await sign(claims(), createSecretKey(Buffer.concat([secretKey('registry-token'), Buffer.alloc(32)])), {
        ...header,
        alg: 'HS512',
      }),
      'jwk in the header': await sign(claims(), other, { ...header, jwk: { kty: 'oct', k: Buffer.alloc(32, 7).toString('base64url') } }),
      'jku in the header': await sign(claims(), other, { ...header, jku: `${registry.url}/keys` }),
      'kid that climbs': await sign(claims(), other, { ...header, kid: '../../../../dev/null' }),
      'an empty key': `${head}.${body}.${hmac(`${head}.${body}`, Buffer.alloc(0))}`,
      'another issuer': await sign({ ...claims(), iss: 'http://elsewhere/v2/token' }),
      'another audience': await sign({ ...claims(), aud: 'caisson' }),
      'another type': await sign(claims(), own(), { alg: 'HS256', typ: 'JWT' }),
      'no type': await sign(claims(), own(), { alg: 'HS256' }),
      expired: await sign({ ...claims(), iat: now() - 400, exp: now() - 1 }),
      'too old, although it says otherwise': await sign({ ...claims(), iat: now() - 301, exp: now() + 9999 }),
      'issued in the future': await sign({ ...claims(), iat: now() + 600, exp: now() + 900 }),
      'not yet valid': await sign({ ...claims(), nbf: now() + 60 }),
      'no expiry': await sign(without('exp')),
      'no time of issue': await sign(without('iat')),
      'no subject': await sign(without('sub')),
      'no issuer of ours': await sign(without('by')),
      'an issuer that does not exist': await sign({ ...claims(), by: { kind: 'api-token', id: 'none' } }),
      'the id of a token as a session': await sign({ ...claims(), by: { kind: 'session', id: pushId } }),
      'an actor of the system': await sign({ ...claims(), by: { kind: 'system', id: 'system:x' } }),
      'another body': `${head}.${encode({ ...claims(), sub: 'somebody' })}.${signature}`,
      'two signatures': JSON.stringify({
        payload: body,
        signatures: [
          { protected: head, signature },
          { protected: head, signature },
        ],
      }),
      'a fourth part': `${good}.${signature}`,
      'the session key': await sign(claims(), createSecretKey(secretKey('session'))),
    }
    for (const [what, token] of Object.entries(forged)) {
      for (const reply of [await call('GET', '/v2/', `Bearer ${token}`), await putManifest('northwind/shop', 'forged', `Bearer ${token}`)]) {
        expect([what, reply.status]).toEqual([what, 401])
      }
    }
    expect((await call('HEAD', '/v2/northwind/shop/manifests/forged', basic(push))).status).toBe(404)
  })
})

describe('a member', () => {
  it('who may not push is refused, with one entry, and pulls all the same', async () => {
    const before = await denied(ours.id)
    for (const authorization of [basic(pull), await tokenFor(pull, 'repository:northwind/shop:pull,push,delete')]) {
      expect((await call('GET', '/v2/northwind/shop/manifests/v1.0.0', authorization)).body.equals(image.manifest)).toBe(true)
    }
    const attempts: [string, string][] = [
      ['POST', '/v2/northwind/shop/blobs/uploads/'],
      ['DELETE', '/v2/northwind/shop/manifests/v1.0.0'],
      ['DELETE', `/v2/northwind/shop/blobs/${digestOf(blob)}`],
    ]
    for (const [method, path] of attempts) {
      const reply = await call(method, path, basic(pull))
      expect([reply.status, codeOf(reply)]).toEqual([403, 'DENIED'])
    }
    expect((await putManifest('northwind/shop', 'mine', basic(pull))).status).toBe(403)
    expect(await denied(ours.id)).toBe(before + 4)
  })

  it('of a suspended tenant still pulls, and pushes nothing', async () => {
    await asPlatform((tx) => tx.tenant.update({ where: { id: ours.id }, data: { suspendedAt: new Date() } }))
    try {
      expect((await call('GET', '/v2/northwind/shop/manifests/v1.0.0', basic(push))).status).toBe(200)
      expect((await putManifest('northwind/shop', 'late', basic(push))).status).toBe(403)
    } finally {
      await asPlatform((tx) => tx.tenant.update({ where: { id: ours.id }, data: { suspendedAt: null } }))
    }
  })

  it('S2.19: sees the repositories of the tenant with tags, sizes and how to pull', async () => {
    const list = await callRoute(listRepositoriesRoute, { path: '/api/v1/tenants/{tenant}/repositories', params: { tenant: 'northwind' }, as: pull })
    const sizeBytes = image.manifest.length + image.blobs.reduce((sum, { length }) => sum + length, 0)
    expect(list.body.repositories).toEqual([
      { name: 'northwind/shop', application: 'shop', component: null, tags: 1, sizeBytes, lastPushAt: expect.stringMatching(/^\d{4}-/) },
    ])
    const path = '/api/v1/tenants/{tenant}/repositories/{application}'
    const one = await callRoute(getRepositoryRoute, { path, params: { tenant: 'northwind', application: 'shop' }, as: pull })
    expect(one.body.tagList).toEqual([
      expect.objectContaining({
        name: 'v1.0.0',
        digest: image.digest,
        sizeBytes,
        pushedBy: { id: developer.id, name: developer.name },
        pinnedBy: [],
      }),
    ])
    expect(one.body.tagList[0].pull).toBe(`docker pull localhost:3000/northwind/shop@${image.digest}`)
    const absent = await callRoute(getRepositoryRoute, { path, params: { tenant: 'northwind', application: 'mail' }, as: pull })
    expect(absent.status).toBe(404)
  })
})

describe('another tenant', () => {
  const names = ['northwind/shop', 'northwind/absent', 'absent/shop']
  const digest = digestOf(blob)
  const requests: [string, string, Uint8Array?][] = [
    ['GET', 'manifests/v1.0.0'],
    ['HEAD', 'manifests/v1.0.0'],
    ['GET', `manifests/${image.digest}`],
    ['PUT', 'manifests/v1.0.0', image.manifest],
    ['DELETE', 'manifests/v1.0.0'],
    ['GET', `blobs/${digest}`],
    ['HEAD', `blobs/${digest}`],
    ['DELETE', `blobs/${digest}`],
    ['POST', 'blobs/uploads/'],
    ['POST', `blobs/uploads/?digest=${digest}`, blob],
    ['PATCH', 'blobs/uploads/01a2117e-4bf3-7178-a2cd-0e03f1a76d31', blob],
    ['GET', 'tags/list'],
    ['GET', `referrers/${image.digest}`],
  ]

  it('S2.5, S-11, S-17: gets one answer for what is there and what is not, by Basic and by token', async () => {
    for (const [method, rest, body] of requests) {
      const answers: string[] = []
      for (const name of names) {
        for (const authorization of [basic(stranger), await tokenFor(stranger, `repository:${name}:pull,push,delete`)]) {
          const reply = await call(method, `/v2/${name}/${rest}`, authorization, body, mediaTypes.manifest)
          expect([method, rest, reply.status]).toEqual([method, rest, 404])
          const headers = Object.fromEntries([...reply.headers].filter(([key]) => !['date', 'x-request-id', 'content-length'].includes(key)))
          answers.push(JSON.stringify([headers, reply.body.toString().replaceAll(name, '<name>')]))
        }
      }
      expect(new Set(answers).size).toBe(1)
    }
  })

  it('leaves one entry in its own log for each, and none in the log of those it asked about', async () => {
    const other = await makeToken(await makePerson({ tenant: theirs, roles: ['developer'] }), theirs, ['registry.push'])
    const [theirsBefore, oursBefore] = [await denied(theirs.id), await denied(ours.id)]
    await call('GET', '/v2/northwind/shop/manifests/v1.0.0', basic(other))
    await call('GET', '/v2/absent/shop/tags/list', basic(other))
    expect([await denied(theirs.id), await denied(ours.id)]).toEqual([theirsBefore + 2, oursBefore])
  })

  it('neither mounts nor skips what only another tenant has, and lists nothing of it', async () => {
    for (const from of ['&from=northwind/shop', '&from=absent/shop', '']) {
      const reply = await call('POST', `/v2/contoso/shop/blobs/uploads/?mount=${digest}${from}`, basic(stranger))
      expect(reply.status).toBe(202)
    }
    expect((await call('HEAD', `/v2/contoso/shop/blobs/${digest}`, basic(stranger))).status).toBe(404)
    const named = await call('PUT', '/v2/contoso/shop/manifests/v1.0.0', basic(stranger), image.manifest, mediaTypes.manifest)
    expect([named.status, codeOf(named)]).toEqual([400, 'MANIFEST_BLOB_UNKNOWN'])
    expect((await call('GET', '/v2/_catalog', basic(stranger))).json<unknown>()).toEqual({ repositories: ['contoso/shop'] })
    const pushed = await call('POST', `/v2/contoso/shop/blobs/uploads/?digest=${digest}`, basic(stranger), blob)
    expect(pushed.status).toBe(201)
    expect((await call('DELETE', `/v2/contoso/shop/blobs/${digest}`, basic(stranger))).status).toBe(202)
    expect((await call('GET', `/v2/northwind/shop/blobs/${digest}`, basic(pull))).body.equals(blob)).toBe(true)
  })

  it('S-01: finds no path out of the registry', async () => {
    const odd = [
      '..',
      '%2e%2e',
      '..%2f..%2fetc',
      'northwind%2fshop',
      'northwind/shop/../../x',
      'northwind/%00',
      'NORTHWIND/shop',
      'northwind//shop',
      `${'a'.repeat(300)}/b`,
      'northwind/shop/a/b',
    ]
    for (const name of odd) {
      const reply = await call('GET', `/v2/${name}/manifests/v1.0.0`, basic(push))
      expect([name, [400, 404].includes(reply.status)]).toEqual([name, true])
    }
    for (const rest of ['blobs/sha256:..%2f..%2fetc%2fpasswd', 'blobs/uploads/..%2f..%2fx', 'manifests/..%2f..%2fx', 'manifests/%zz']) {
      const reply = await call('GET', `/v2/northwind/shop/${rest}`, basic(push))
      expect([rest, [400, 404].includes(reply.status)]).toEqual([rest, true])
    }
  })
})
