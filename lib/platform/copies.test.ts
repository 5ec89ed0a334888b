import { beforeEach, describe, expect, it, vi } from 'vitest'
import { askPlatform, database } from '#lib/platform/database'
import { useTestDatabase } from '#lib/testing/database'
import { makeApplication, makeTenant } from '#lib/testing/factories'

useTestDatabase()

/** As Next bundles them: a second copy of the modules, over the same connections. */
async function copyOfDatabase() {
  vi.resetModules()
  const copy = await import('#lib/platform/database')
  expect(copy.askPlatform).not.toBe(askPlatform)
  return copy
}

describe('a second copy of the modules in one process', () => {
  beforeEach(() => void database())

  it('means the same text by the name of a prepared statement, in whatever order each meets them', async () => {
    const copy = await copyOfDatabase()
    const texts = ['select 1 as n', 'select 2 as n', 'select 3 as n', 'select 4 as n']
    for (const text of texts) await askPlatform(text, [])
    for (const text of texts.toReversed()) expect(await copy.askPlatform(text, [])).toEqual(await askPlatform(text, []))
    expect(await copy.askPlatform('select 5 as n', [])).toEqual([{ n: 5 }])
    expect(await askPlatform('select 6 as n', [])).toEqual([{ n: 6 }])
  })

  it('S-11: asks for models within its transaction and its tenant, and what it wrote goes when it fails', async () => {
    const [tenant, other] = [await makeTenant(), await makeTenant()]
    const mine = await makeApplication(tenant)
    await makeApplication(other)
    const copy = await copyOfDatabase()
    const scope = { role: 'caisson_app', tenantId: tenant.id } as const
    const seen = await copy.inTransaction(copy.database(), scope, (tx) => tx.application.findMany())
    expect(seen.map(({ id }) => id)).toEqual([mine.id])
    const failing = copy.inTransaction(copy.database(), scope, async (tx) => {
      await tx.application.update({ where: { id: mine.id }, data: { name: 'Changed' } })
      throw new Error('on purpose')
    })
    await expect(failing).rejects.toThrow('on purpose')
    const [after] = await copy.inTransaction(copy.database(), scope, (tx) => tx.application.findMany())
    expect(after).toEqual(seen[0])
  })
})
