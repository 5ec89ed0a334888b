import { describe, expect, it } from 'vitest'
import { authOptions } from '#app/api/auth/options'
import { ensureFirstAdmin } from '#lib/access/commands/ensure-first-admin'
import { asPlatform } from '#lib/testing/factories'
import { useTestDatabase } from '#lib/testing/database'

useTestDatabase()

type Authorize = (credentials: Record<string, string>, request: { headers: Record<string, string> }) => Promise<{ sessionId: string } | null>

const authorize = (credentials: Record<string, string>) => {
  const [provider] = authOptions().providers as unknown as { options: { authorize: Authorize } }[]
  return provider?.options.authorize(credentials, { headers: { 'user-agent': 'Browser', 'x-caisson-address': '192.0.2.1' } })
}

describe('next-auth', () => {
  it('opens a session for the right password, puts its id into the token and nothing else, and ends it at sign-out', async () => {
    const { email, userId } = await ensureFirstAdmin({ email: 'root@northwind.test', password: 'a long enough password' })
    const user = await authorize({ email, password: 'a long enough password' })
    const row = await asPlatform((tx) => tx.session.findUniqueOrThrow({ where: { id: user?.sessionId ?? '' } }))
    expect(row).toMatchObject({ userId, userAgent: 'Browser', address: '192.0.2.1', tokenHash: null })
    const { callbacks, events } = authOptions()
    const token = await callbacks?.jwt?.({ token: { name: 'N', email }, user, account: null } as never)
    expect(token).toEqual({ sid: row.id })
    expect(await callbacks?.session?.({ session: { user: { email }, expires: 'then' }, token } as never)).toEqual({ expires: 'then' })
    await events?.signOut?.({ token } as never)
    const ended = await asPlatform((tx) => tx.session.findUniqueOrThrow({ where: { id: row.id } }))
    expect(ended.revokedAt).not.toBeNull()
  })

  it('says nothing of a wrong password, and the code of a refusal when there were too many', async () => {
    expect(await authorize({ email: 'root@northwind.test', password: 'wrong' })).toBeNull()
    expect(await authorize({ email: '', password: '' })).toBeNull()
    for (const word of ['a\0b', '\ud800']) expect(await authorize({ email: `${word}@northwind.test`, password: word })).toBeNull()
    for (let count = 0; count < 9; count += 1) await authorize({ email: 'root@northwind.test', password: 'wrong' })
    await expect(authorize({ email: 'root@northwind.test', password: 'wrong' })).rejects.toThrow(/^rate_limited$/)
  })
})
