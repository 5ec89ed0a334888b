import { Client } from 'pg'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appendEntry, type EntryInput } from '#lib/audit/commands/append-entry'
import { flushDenials, mostDenialsPerMinute, recordDenial } from '#lib/audit/commands/record-denial'
import { sealAll } from '#lib/audit/commands/start-sequencer'
import { examineLog } from '#lib/audit/commands/sweep-log'
import { listEntriesInput, type ListEntriesInput } from '#lib/audit/entry'
import { listEntries } from '#lib/audit/queries/list-entries'
import { createContext, type TenantContext } from '#lib/platform/context'
import { inTransaction, openDatabase } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform, makePerson, makeTenant } from '#lib/testing/factories'
import { testSeed } from '#lib/testing/seed'

const test = useTestDatabase()
const everything = { sees: 'log' } as const
const filter = (input: Partial<ListEntriesInput> = {}): ListEntriesInput => listEntriesInput.parse(input)
const say = (ctx: TenantContext, input: Partial<EntryInput> = {}): Promise<void> =>
  ctx.write((tx) => appendEntry(tx, ctx, { action: 'release.sealed', subject: { kind: 'release', id: 'r1' }, ...input }))

describe('an audit entry', () => {
  it('T1: reads back from PostgreSQL as the bytes that were hashed, whatever a stranger put into it', async () => {
    const ctx = await actAs(await makeTenant(), 'developer')
    const seed = testSeed('audit entries')
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('\uD800', 'a\0b', '\u2028', '"\\', 'é', 'e\u0301'),
    )
    const value = fc.oneof(
      text,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.maxSafeInteger(),
      fc.bigInt(),
      fc.boolean(),
      fc.constant(null),
    )
    await fc.assert(
      fc.asyncProperty(text, text, fc.dictionary(text, fc.oneof(value, fc.array(value), fc.dictionary(text, value))), async (id, reason, after) => {
        await say(ctx, { subject: { kind: 'release', id, name: reason }, reason, after })
      }),
      { seed, numRuns: 60 },
    )
    await sealAll()
    const result = await examineLog(ctx.tenant.id)
    expect(result).toMatchObject({ size: 60, findings: [] })
    expect((await listEntries(ctx, filter({ limit: 200 }), everything)).entries).toHaveLength(60)
  })

  it('keeps big numbers as their digits, times as fixed text, and no undefined', async () => {
    const ctx = await actAs(await makeTenant(), 'developer')
    await say(ctx, { after: { size: 2n ** 64n, at: new Date(1), none: undefined, lone: 'x\uDC00y', nested: [1e21, { deep: 1n }] } })
    const { entries } = await listEntries(ctx, filter(), everything)
    expect(entries[0]?.after).toEqual({
      size: '18446744073709551616',
      at: '1970-01-01T00:00:00.001Z',
      lone: 'x\uFFFDy',
      nested: [1e21, { deep: '1' }],
    })
  })

  it('D5: is not there when the change rolls back, and the change is not when it cannot be written', async () => {
    const tenant = await makeTenant()
    const ctx = await actAs(tenant, 'tenant_admin')
    await expect(
      ctx.write(async (tx) => {
        await tx.tenant.update({ where: { id: tenant.id }, data: { name: 'changed' } })
        await appendEntry(tx, ctx, { action: 'tenant.renamed', subject: { kind: 'tenant', id: tenant.id } })
        throw new Error('the process ends here')
      }),
    ).rejects.toThrow('the process ends here')
    await expect(
      ctx.write(async (tx) => {
        await tx.tenant.update({ where: { id: tenant.id }, data: { name: 'changed' } })
        await appendEntry(tx, ctx, { action: 'tenant.renamed', subject: { kind: 'tenant', id: tenant.id }, after: { impossible: Number.NaN } })
      }),
    ).rejects.toThrow('NaN is not allowed')
    expect((await listEntries(ctx, filter(), everything)).entries).toEqual([])
    expect((await asPlatform((tx) => tx.tenant.findUniqueOrThrow({ where: { id: tenant.id } }))).name).toBe(tenant.slug)
  })

  it('cannot be written into another log', async () => {
    const [mine, theirs] = [await actAs(await makeTenant(), 'developer'), await makeTenant()]
    const stranger = createContext({ actor: mine.actor, tenant: theirs })
    await expect(mine.write((tx) => appendEntry(tx, stranger, { action: 'x', subject: { kind: 'x', id: '' } }))).rejects.toThrow('row-level security')
    expect((await listEntries(stranger, filter(), everything)).entries).toEqual([])
  })

  it('S3.19: is never changed, removed or cut off, by no role', async () => {
    const ctx = await actAs(await makeTenant(), 'developer')
    await say(ctx)
    await sealAll()
    const tables = ['audit_entry', 'audit_chain', 'audit_node', 'audit_checkpoint']
    for (const role of ['caisson_app', 'caisson_platform', 'none']) {
      const client = new Client({ connectionString: test.ownerUrl })
      await client.connect()
      try {
        for (const table of tables) {
          for (const statement of [`update ${table} set log = log`, `delete from ${table}`, `truncate ${table} cascade`]) {
            await client.query('begin')
            await client.query(`set local role ${role}`)
            await client.query(`select set_config('caisson.tenant', $1, true)`, [ctx.tenant.id])
            await expect(client.query(statement), `${role}: ${statement}`).rejects.toMatchObject({
              code: role === 'none' ? '23001' : '42501',
            })
            await client.query('rollback')
          }
        }
      } finally {
        await client.end()
      }
    }
    expect((await examineLog(ctx.tenant.id)).findings).toEqual([])
  })
})

const refusal = new Refusal('forbidden', 'Only an auditor may export the audit log.')
const deny = (who: TenantContext): Promise<void> => recordDenial(who, { action: 'audit.export', subject: { kind: 'route', id: 'x' }, refusal })

describe('a denied entry', () => {
  it('is one entry in the log of the actor, with the code', async () => {
    const ctx = await actAs(await makeTenant(), 'viewer')
    await recordDenial(ctx, { action: 'audit.export', subject: { kind: 'route', id: 'a\0b\uD800' }, refusal })
    const { entries } = await listEntries(ctx, filter(), everything)
    expect(entries).toMatchObject([{ action: 'audit.export', outcome: 'denied', reason: `forbidden: ${refusal.message}` }])
  })

  it('is counted beyond sixty a minute, and the count is one entry', async () => {
    let now = Date.now()
    const tenant = await makeTenant()
    const ctx = createContext({ tenant, actor: await makePerson({ tenant, roles: ['viewer'] }), now: () => new Date(now) })
    const other = await actAs(tenant, 'viewer')
    for (let index = 0; index < mostDenialsPerMinute + 40; index += 1) await deny(ctx)
    await deny(other)
    const count = async (): Promise<number> => (await listEntries(other, filter({ limit: 200 }), everything)).entries.length
    expect(await count()).toBe(mostDenialsPerMinute + 1)
    now += 60_000
    await deny(ctx)
    expect(await count()).toBe(mostDenialsPerMinute + 3)
    const { entries } = await listEntries(other, filter({ action: 'denials.counted' }), everything)
    expect(entries).toMatchObject([{ outcome: 'denied', after: { count: 40, refused: { 'audit.export forbidden': 40 } } }])
    await flushDenials()
    expect(await count()).toBe(mostDenialsPerMinute + 3)
  })

  it('answers unavailable when it cannot be written', async () => {
    const tenant = await makeTenant()
    const closed = openDatabase('postgresql://postgres:x@127.0.0.1:1/none')
    const ctx = createContext({ tenant, actor: await makePerson({ tenant, roles: ['viewer'] }), db: closed })
    await expect(recordDenial(ctx, { action: 'x', subject: { kind: 'route', id: 'x' }, refusal })).rejects.toMatchObject({
      code: 'unavailable',
      status: 503,
    })
    await closed.close()
  })
})

describe('the list of entries', () => {
  it('filters, and pages through everything once', async () => {
    const tenant = await makeTenant()
    const [ctx, other] = [await actAs(tenant, 'auditor'), await actAs(tenant, 'developer')]
    const digest = `sha256:${'ab'.repeat(32)}`
    await say(ctx, { after: { image: digest } })
    await say(ctx, { action: 'promotion.approved', subject: { kind: 'promotion', id: 'p1', name: '100% of web_shop' } })
    await say(other, { outcome: 'failed', reason: 'disk full' })
    const found = async (input: Partial<ListEntriesInput>): Promise<number> => (await listEntries(ctx, filter(input), everything)).entries.length
    expect(await found({ actor: other.actor.kind === 'person' ? other.actor.email : '' })).toBe(1)
    expect(await found({ action: 'promotion.' })).toBe(1)
    expect(await found({ action: 'promotion approved' }), 'as its words').toBe(1)
    expect(await found({ subject: 'release' })).toBe(2)
    expect(await found({ subject: 'release:r1' })).toBe(2)
    expect(await found({ subject: '100% of web_' })).toBe(1)
    expect(await found({ subject: '1__%' })).toBe(0)
    expect(await found({ outcome: 'failed' })).toBe(1)
    expect(await found({ text: 'DISK' })).toBe(1)
    expect(await found({ digest })).toBe(1)
    expect(await found({ digest: 'abababababab' })).toBe(1)
    expect(await found({ to: '2001-01-01T00:00:00Z' })).toBe(0)
    expect(await found({ from: '2001-01-01T00:00:00Z' })).toBe(3)
    const seen: string[] = []
    for (let after: string | null | undefined; after !== null;) {
      const page = await listEntries(ctx, filter({ limit: 1, ...(after ? { after } : {}) }), everything)
      seen.push(...page.entries.map(({ id }) => id))
      after = page.next
    }
    expect(new Set(seen).size).toBe(3)
  })

  it('shows other members what everyone can see and their own, and nothing of another tenant', async () => {
    const tenant = await makeTenant()
    const [admin, viewer] = [await actAs(tenant, 'tenant_admin'), await actAs(tenant, 'viewer')]
    await say(admin)
    for (const [action, kind] of [
      ['member.removed', 'member'],
      ['token.created', 'token'],
      ['session.opened', 'session'],
      ['password.changed', 'user'],
      ['POST /api/v1/tenants/{tenant}/invitations', 'route'],
    ] as const) {
      await say(admin, { action, subject: { kind, id: '1' } })
    }
    await say(viewer, { action: 'session.opened', subject: { kind: 'session', id: '2' } })
    const sight = { sees: 'open', actorId: viewer.actor.kind === 'person' ? viewer.actor.id : '' } as const
    const { entries } = await listEntries(viewer, filter(), sight)
    expect(entries.map(({ action }) => action).sort()).toEqual(['release.sealed', 'session.opened'])
    expect((await listEntries(viewer, filter(), everything)).entries).toHaveLength(7)
    const stranger = await actAs(await makeTenant(), 'auditor')
    expect((await listEntries(stranger, filter(), everything)).entries).toEqual([])
    const foreign = await inTransaction(test.db, { role: 'caisson_app', tenantId: stranger.tenant.id }, (tx) => tx.auditEntry.count())
    expect(foreign).toBe(0)
  })
})
