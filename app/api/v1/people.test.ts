import { encode } from 'next-auth/jwt'
import { describe, expect, it } from 'vitest'
import { GET as me } from '#app/api/v1/me/route'
import { POST as openSession } from '#app/api/v1/sessions/route'
import { ensureFirstAdmin } from '#lib/access/commands/ensure-first-admin'
import { signIn } from '#lib/access/commands/sign-in'
import { identify } from '#lib/access/identify'
import { secretKey } from '#lib/platform/keys'
import { useTestDatabase } from '#lib/testing/database'
import { callRoute } from '#lib/testing/http'

useTestDatabase()

describe('signing in', () => {
  it('S3.15: makes the first administrator once and never overwrites', async () => {
    const [one, two] = await Promise.all([
      ensureFirstAdmin({ email: 'Root@Northwind.test' }),
      ensureFirstAdmin({ email: 'root@northwind.test', password: 'correct horse battery' }),
    ])
    expect(one.userId).toBe(two.userId)
  })
  it('gives a bearer session for the right password', async () => {
    const admin = await ensureFirstAdmin({ email: 'x@y.test', password: 'something else here' })
    expect(admin.password).toBeUndefined()
    const { resetPassword } = await import('#lib/access/commands/reset-password')
    const { password } = await resetPassword({ email: admin.email })
    const answer = await callRoute(openSession, { method: 'POST', path: '/api/v1/sessions', body: { email: ' ROOT@northwind.test', password } })
    expect(answer.status).toBe(201)
    const who = await callRoute(me, { path: '/api/v1/me', as: answer.body.token })
    expect(who).toMatchObject({ status: 200, body: { email: 'root@northwind.test', isPlatformAdmin: true } })
    const browser = await signIn({ email: admin.email, password, userAgent: '', address: '::1', kind: 'browser' })
    const cookie = await encode({ token: { sid: browser.sessionId }, secret: secretKey('session').toString('hex') })
    expect(await identify(new Headers({ cookie: `a=b; next-auth.session-token=${cookie}` }))).toMatchObject({ via: 'cookie' })
  })
})
