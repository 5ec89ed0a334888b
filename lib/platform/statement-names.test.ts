import { describe, expect, it, vi } from 'vitest'
import { askPlatform } from '#lib/platform/database'
import { useTestDatabase } from '#lib/testing/database'

useTestDatabase()

describe('the names of prepared statements', () => {
  it('mean one text to every copy of the module that shares the connections, in whatever order each meets them', async () => {
    vi.resetModules()
    const copy = await import('#lib/platform/database')
    expect(copy.askPlatform).not.toBe(askPlatform)
    const texts = ['select 1 as n', 'select 2 as n', 'select 3 as n', 'select 4 as n']
    for (const text of texts) await askPlatform(text, [])
    for (const text of texts.toReversed()) expect(await copy.askPlatform(text, [])).toEqual(await askPlatform(text, []))
    expect(await copy.askPlatform('select 5 as n', [])).toEqual([{ n: 5 }])
    expect(await askPlatform('select 6 as n', [])).toEqual([{ n: 6 }])
  })
})
