import { beforeAll, describe, expect, it } from 'vitest'
import { database, inTransaction, type Tx } from '#lib/platform/database'
import type { TenantRef } from '#lib/platform/actor'
import { useTestDatabase } from '#lib/testing/database'
import { asPlatform, makeTenant } from '#lib/testing/factories'
import { fillRow, listTables, type TableShape } from '#lib/testing/every-table'

useTestDatabase()

let ours: TenantRef
let theirs: TenantRef
let tables: TableShape[]

/** Tables without a tenant that only the platform may read; a tenant sees of people those who are or were its members. */
const ofThePlatform = ['_prisma_migrations', 'backup', 'credential', 'platform_setting', 'session', 'sign_in_throttle']
const keyedOtherwise = ['tenant', 'user']

const as = <T>(tenant: TenantRef, work: (tx: Tx) => Promise<T>) => inTransaction(database(), { role: 'caisson_app', tenantId: tenant.id }, work)
const ofTenants = () => tables.filter(({ owner }) => owner !== undefined)

async function failure(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: Error) => error.message,
  )
}

beforeAll(async () => {
  ours = await makeTenant()
  theirs = await makeTenant()
  tables = await asPlatform(listTables)
  await inTransaction(database(), { role: 'caisson_platform' }, async (tx) => {
    // Rows of nothing in particular, so that no table is walked empty; what they refer to need not exist.
    await tx.$executeRaw`select set_config('role', session_user, true), set_config('session_replication_role', 'replica', true)`
    for (const table of ofTenants()) await tx.$executeRawUnsafe(fillRow(table, theirs.id))
  })
})

describe('the second wall', () => {
  it('every table has a tenant, or is known to have none', () => {
    const strangers = tables.filter((table) => !ofTenants().includes(table)).map(({ name }) => name)
    expect(strangers.toSorted()).toEqual([...ofThePlatform, ...keyedOtherwise].toSorted())
    expect(ofTenants().length).toBeGreaterThan(20)
  })

  it('every table but the list of migrations forces row-level security on its owner too', () => {
    expect(tables.filter(({ isForced }) => !isForced).map(({ name }) => name)).toEqual(['_prisma_migrations'])
  })

  it('another tenant sees, counts, changes and deletes no row of any tenant table', async () => {
    const seen: string[] = []
    for (const { name, owner } of ofTenants()) {
      const [theirView] = await as(theirs, (tx) =>
        tx.$queryRawUnsafe<{ n: number }[]>(`select count(*)::int as n from "${name}" where ${owner} = '${theirs.id}'`),
      )
      if (!theirView?.n) seen.push(`${name}: its own tenant sees nothing`)
      const [view] = await as(ours, (tx) =>
        tx.$queryRawUnsafe<{ n: number }[]>(`select count(*)::int as n from "${name}" where ${owner} = '${theirs.id}'`),
      )
      if (view?.n !== 0) seen.push(`${name}: ${view?.n} rows seen`)
      const changed = await failure(
        as(ours, async (tx) => {
          if ((await tx.$executeRawUnsafe(`update "${name}" set ${owner} = ${owner} where ${owner} = '${theirs.id}'`)) > 0)
            throw new Error('rows changed')
        }),
      )
      if (changed !== 'done' && !/denied/.test(changed)) seen.push(`${name}: ${changed}`)
      const deleted = await failure(as(ours, (tx) => tx.$executeRawUnsafe(`delete from "${name}"`)))
      const [left] = await asPlatform((tx) =>
        tx.$queryRawUnsafe<{ n: number }[]>(`select count(*)::int as n from "${name}" where ${owner} = '${theirs.id}'`),
      )
      if (!left?.n) seen.push(`${name}: rows deleted (${deleted})`)
    }
    expect(seen).toEqual([])
  })

  it('no tenant writes a row for another, nor gives one of its own away', async () => {
    const written: string[] = []
    for (const table of ofTenants()) {
      const insert = await failure(as(ours, (tx) => tx.$executeRawUnsafe(fillRow(table, theirs.id, 'z'))))
      if (!/row-level security|42501|denied/i.test(insert)) written.push(`${table.name}: insert: ${insert.slice(0, 300)}`)
    }
    expect(written).toEqual([])
    const moved = await failure(as(theirs, (tx) => tx.$executeRawUnsafe(`update environment set tenant_id = '${ours.id}'`)))
    expect(moved).toMatch(/row-level security|42501/i)
  })

  it('without a tenant set, a tenant table is empty', async () => {
    const seen: string[] = []
    for (const { name } of ofTenants()) {
      const [view] = await inTransaction(database(), { role: 'caisson_app', tenantId: '' }, (tx) =>
        tx.$queryRawUnsafe<{ n: number }[]>(`select count(*)::int as n from "${name}"`),
      )
      if (view?.n !== 0) seen.push(name)
    }
    expect(seen).toEqual([])
  })

  it('a tenant reads nothing of credentials, sessions, counters and settings of the platform, but what its runtimes can run', async () => {
    await asPlatform((tx) => tx.platformSetting.create({ data: { key: 'leader:test', value: '{}' } }))
    const settings = await as(ours, (tx) => tx.platformSetting.findMany({ select: { key: true } }))
    expect(settings).toEqual([{ key: 'runtime:process' }])
    expect(await failure(as(ours, (tx) => tx.platformSetting.update({ where: { key: 'runtime:process' }, data: { value: '' } })))).not.toBe('done')
    for (const name of ofThePlatform.filter((one) => one !== 'platform_setting')) {
      expect(await failure(as(ours, (tx) => tx.$queryRawUnsafe(`select * from "${name}"`)))).toMatch(/permission denied/)
    }
  })

  it('a tenant sees of people those who are or were its members, and of tenants itself', async () => {
    expect(await as(ours, (tx) => tx.tenant.findMany())).toEqual([expect.objectContaining({ id: ours.id })])
    expect(await as(ours, (tx) => tx.user.findMany())).toEqual([])
  })
})
