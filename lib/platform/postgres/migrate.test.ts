import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { database } from '#lib/platform/database'
import { migrate, pendingMigrations } from '#lib/platform/postgres/migrate'
import { useTestDatabase } from '#lib/testing/database'

const test = useTestDatabase()
const all = readdirSync('prisma/migrations', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted()

describe('the migrations', () => {
  it('S3.14: are applied once: what a second start applies is nothing, also when three start at once', async () => {
    const read = async () => (await database().pool.query('select * from _prisma_migrations order by migration_name')).rows
    const before = await read()
    expect(before.map(({ migration_name: name }) => name)).toEqual(all)
    const results = await Promise.all([1, 2, 3].map(() => migrate(test.ownerUrl)))
    expect(results).toEqual(results.map(() => ({ applied: [], total: all.length })))
    expect(await read()).toEqual(before)
    expect(await pendingMigrations(database().pool)).toEqual([])
  })
})
