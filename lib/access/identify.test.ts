import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto'
import { EncryptJWT, SignJWT } from 'jose'
import { encode } from 'next-auth/jwt'
import { describe, expect, it } from 'vitest'
import { endSession } from '#lib/access/commands/end-session'
import { identify } from '#lib/access/identify'
import { newSecretToken } from '#lib/access/secret-token'
import { newId } from '#lib/platform/id'
import { secretKey } from '#lib/platform/keys'
import { useTestDatabase } from '#lib/testing/database'
import { asPlatform, makePerson, makeTenant, type Person } from '#lib/testing/factories'
import { bearerOf, makeToken } from '#lib/testing/http'

useTestDatabase()

const plain = 'next-auth.session-token'
const secret = () => secretKey('session').toString('hex')
const withCookie = (value: string, name = plain) => identify(new Headers({ cookie: `theme=dark; ${name}=${value}` }))
const withBearer = (token: string) => identify(new Headers({ authorization: `Bearer ${token}` }))

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000)

async function browserSession(person: Person): Promise<string> {
  const id = newId()
  await asPlatform((tx) => tx.session.create({ data: { id, userId: person.id, expiresAt: new Date(Date.now() + 3_600_000) } }))
  return id
}

describe('identify', () => {
  it('knows a browser by its cookie, on http and on https, and by no other name there', async () => {
    const tenant = await makeTenant()
    const person = await makePerson({ tenant, roles: ['sre'] })
    const sid = await browserSession(person)
    const token = await encode({ token: { sid }, secret: secret() })
    for (const [address, name] of [
      ['http://localhost:3000', plain],
      ['https://caisson.northwind.test', `__Host-${plain}`],
    ] as const) {
      process.env['CAISSON_URL'] = address
      const others = [plain, `__Host-${plain}`, `__Secure-${plain}`].filter((one) => one !== name)
      for (const other of others) expect([other, await withCookie(token, other)]).toEqual([other, null])
      const identity = await withCookie(token, name)
      expect(identity?.via).toBe('cookie')
      expect(identity?.actorIn(tenant)).toMatchObject({ id: person.id, sessionId: sid, roles: ['sre'] })
      expect(identity?.actorIn(null).roles).toEqual([])
      expect(identity?.tenant('elsewhere')).toBeUndefined()
    }
    delete process.env['CAISSON_URL']
    await endSession(sid)
    expect(await withCookie(token)).toBeNull()
  })

  it('S-04: takes no forged, foreign or outdated token for anybody', async () => {
    const person = await makePerson()
    const sid = await browserSession(person)
    const claims = { sid }
    const { privateKey } = generateKeyPairSync('ed25519')
    const hs = (header: Record<string, unknown>, key: string | Buffer) => {
      const signed = `${base64(header)}.${base64(claims)}`
      return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
    }
    const good = await encode({ token: claims, secret: secret() })
    const forged: Record<string, string> = {
      nothing: '',
      'alg none': `${base64({ alg: 'none' })}.${base64(claims)}.`,
      'signed with our secret instead of encrypted': hs({ alg: 'HS256' }, secret()),
      'with the raw key': hs({ alg: 'HS256', kid: '../../keys/session' }, secretKey('session')),
      'with a key in the header': await new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', jku: 'http://evil.test/keys' }).sign(privateKey),
      'under another secret': await encode({ token: claims, secret: 'another secret' }),
      'under the salt of another cookie': await encode({ token: claims, secret: secret(), salt: 'next-auth.pkce.code_verifier' }),
      'under a key of the forger': await new EncryptJWT(claims).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(randomBytes(32)),
      expired: await encode({ token: claims, secret: secret(), maxAge: -3600 }),
      'without a session': await encode({ token: { sub: person.id, email: person.email }, secret: secret() }),
      'with a session that is no text': await encode({ token: { sid: { not: '' } }, secret: secret() }),
      'of a session that never was': await encode({ token: { sid: newId() }, secret: secret() }),
      'cut short': good.slice(0, -4),
      'with a part twice': `${good}.${good.split('.')[4]}`,
    }
    const taken: string[] = []
    for (const [what, token] of Object.entries(forged)) {
      if (await withCookie(token)) taken.push(`${what}, as a cookie`)
      if (await withBearer(token === '' ? 'x' : token)) taken.push(`${what}, as a bearer`)
    }
    expect(taken).toEqual([])
    expect(await withCookie(good)).not.toBeNull()
    expect(await identify(new Headers({ cookie: `${plain}=${good}`, authorization: 'Bearer anything' }))).toBeNull() // a wrong bearer beside a good cookie
    expect(await identify(new Headers({ cookie: `${plain}=${good}`, authorization: 'Basic eDp5' }))).toBeNull() // another scheme beside a good cookie
  })

  it('knows a session token and an API token, and neither in the place of the other', async () => {
    const tenant = await makeTenant()
    const person = await makePerson({ tenant, roles: ['developer'] })
    const session = await bearerOf(person)
    const token = await makeToken(person, tenant, ['registry.push'])
    expect(await withBearer(session)).toMatchObject({ via: 'session-token', homeTenant: null })
    expect(await withBearer(token)).toMatchObject({ via: 'api-token', homeTenant: { id: tenant.id } })
    for (const wrong of [
      session.replace('cst_', 'cat_'),
      token.replace('cat_', 'cst_'),
      session.slice(0, -1),
      `${token}0`,
      newSecretToken('cat').token,
      newSecretToken('cst').token,
      newSecretToken('civ').token,
    ]) {
      expect(await withBearer(wrong)).toBeNull()
    }
  })

  it('S-09: is nobody when the person is disabled, or the session is idle, over or revoked', async () => {
    const tenant = await makeTenant()
    const person = await makePerson({ tenant, roles: ['developer'] })
    const session = await bearerOf(person)
    const token = await makeToken(person, tenant, ['registry.push'])
    const set = (data: Record<string, Date | null>) => asPlatform((tx) => tx.session.update({ where: { id: person.sessionId }, data }))
    for (const [broken, mended] of [
      [{ lastSeenAt: hoursAgo(12.1) }, { lastSeenAt: new Date() }],
      [{ expiresAt: hoursAgo(0.1) }, { expiresAt: hoursAgo(-1) }],
      [{ revokedAt: new Date() }, { revokedAt: null }],
    ]) {
      await set(broken as Record<string, Date>)
      expect(await withBearer(session)).toBeNull()
      await set(mended as Record<string, Date>)
      expect(await withBearer(session)).not.toBeNull()
    }
    await asPlatform((tx) => tx.user.update({ where: { id: person.id }, data: { disabledAt: new Date() } }))
    expect(await withBearer(session)).toBeNull()
    expect(await withBearer(token)).toBeNull()
  })

  it('moves the idle limit along while a session is used', async () => {
    const person = await makePerson()
    const session = await bearerOf(person)
    const before = new Date(Date.now() - 3_600_000)
    await asPlatform((tx) => tx.session.update({ where: { id: person.sessionId }, data: { lastSeenAt: before } }))
    await withBearer(session)
    const row = await asPlatform((tx) => tx.session.findUniqueOrThrow({ where: { id: person.sessionId } }))
    expect(row.lastSeenAt.getTime()).toBeGreaterThan(before.getTime())
  })
})
