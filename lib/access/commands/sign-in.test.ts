import { beforeAll, describe, expect, it } from 'vitest'
import { hashPassword } from '#lib/access/internal/password-hash'
import { addressPrefix, countAttempt } from '#lib/access/internal/throttle'
import { signIn } from '#lib/access/commands/sign-in'
import { closeDatabase } from '#lib/platform/database'
import { isRefusal, type Refusal } from '#lib/platform/refusal'
import { useTestDatabase } from '#lib/testing/database'
import { asPlatform, makePerson, type Person } from '#lib/testing/factories'

useTestDatabase()

const password = 'a long enough password'
let person: Person
let disabled: Person

const attempt = (email: string, word: string, address = '192.0.2.7') =>
  signIn({ email, password: word, userAgent: 'test', address, kind: 'browser' }).then(
    () => undefined,
    (error: unknown) => {
      if (isRefusal(error)) return error
      throw error
    },
  )

beforeAll(async () => {
  const passwordHash = await hashPassword(password)
  person = await makePerson()
  disabled = await makePerson()
  await asPlatform(async (tx) => {
    for (const { id } of [person, disabled]) await tx.credential.create({ data: { userId: id, passwordHash } })
    await tx.user.update({ where: { id: disabled.id }, data: { disabledAt: new Date() } })
  })
})

describe('signIn', () => {
  it('keeps argon2id with the costs of OWASP and never the password', async () => {
    const { passwordHash } = await asPlatform((tx) => tx.credential.findUniqueOrThrow({ where: { userId: person.id } }))
    expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  it('S-15: says the same of a wrong password, an unknown account and a disabled one, and hashes for each', async () => {
    const refusals: (Refusal | undefined)[] = []
    for (const [email, word] of [
      [person.email, 'wrong password'],
      ['nobody@northwind.test', password],
      [disabled.email, password],
    ] as const) {
      refusals.push(await attempt(email, word))
    }
    const views = refusals.map((refusal) => ({ code: refusal?.code, words: refusal?.message, fix: refusal?.fix, details: refusal?.details }))
    expect(views[0]).toMatchObject({ code: 'unauthenticated' })
    expect(new Set(views.map((view) => JSON.stringify(view))).size).toBe(1)
  })

  it('leaves an entry for a session and for each failure, without the address of the account in the latter', async () => {
    await attempt(person.email, password)
    await attempt('secret-typed-as-name', 'wrong password')
    const entries = await asPlatform((tx) => tx.auditEntry.findMany({ where: { log: 'platform' } }))
    expect(entries.filter(({ action, actor }) => action === 'session.opened' && actor === person.id)).toHaveLength(1)
    expect(entries.some(({ action, outcome }) => action === 'session.refused' && outcome === 'failed')).toBe(true)
    expect(entries.every(({ content }) => !content.includes('secret-typed-as-name') && !content.includes(password))).toBe(true)
  })

  it('S-06: stops after ten failures of an account, whatever flood of names came between, and a restart forgets nothing', async () => {
    const victim = await makePerson()
    const passwordHash = await hashPassword(password)
    await asPlatform((tx) => tx.credential.create({ data: { userId: victim.id, passwordHash } }))
    for (let count = 0; count < 10; count += 1) expect((await attempt(victim.email, 'wrong', `198.51.100.${count}`))?.code).toBe('unauthenticated')
    expect((await attempt(victim.email, 'wrong', '198.51.100.99'))?.code).toBe('rate_limited')
    for (let block = 0; block < 20; block += 1) {
      await countAttempt(Array.from({ length: 100 }, (_, index) => ({ scope: 'address' as const, name: `flood-${block}-${index}` }))).catch(() => {})
    }
    await closeDatabase()
    const refusal = await attempt(victim.email.toUpperCase(), password, '203.0.113.1')
    expect(refusal?.code).toBe('rate_limited')
    expect(refusal?.details['retryAfterSeconds']).toBeGreaterThan(0)
    // The limit is one of time: the window over, the right password works again.
    await asPlatform((tx) => tx.signInThrottle.updateMany({ data: { windowStart: new Date(Date.now() - 3_600_000) } }))
    expect(await attempt(victim.email, password, '203.0.113.1')).toBeUndefined()
  }, 120_000)

  it('S-06: keeps the table of counters within its bounds', async () => {
    const keys = await asPlatform((tx) => tx.signInThrottle.findMany({ select: { key: true } }))
    expect(keys.every(({ key }) => /^(account|address|step_up):[0-9a-f]{4}$/.test(key))).toBe(true)
  })

  it('lets no more than the limit through when all try at once', async () => {
    const answers = await Promise.all(Array.from({ length: 16 }, () => attempt('racing@northwind.test', 'wrong', '')))
    expect(answers.filter((refusal) => refusal?.code === 'unauthenticated')).toHaveLength(10)
    expect(answers.filter((refusal) => refusal?.code === 'rate_limited')).toHaveLength(6)
  })
})

describe('addressPrefix', () => {
  it('takes an IPv4 address whole and an IPv6 one by its /64', () => {
    expect(addressPrefix('::ffff:192.0.2.7')).toBe('192.0.2.7')
    expect(addressPrefix('2001:db8:0:1::5')).toBe('2001:db8:0:1::/64')
    expect(addressPrefix('2001:0DB8:0000:0001:aaaa:bbbb:cccc:dddd')).toBe('2001:db8:0:1::/64')
    expect(addressPrefix('::1')).toBe('0:0:0:0::/64')
    expect(addressPrefix('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
  })
})
