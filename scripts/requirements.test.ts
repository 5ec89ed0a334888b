import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cover, report, titlesIn } from './requirements.ts'

const table = readFileSync('docs/requirements.tsv', 'utf8')

describe('the table of requirements', () => {
  it('has every id once, in order, with a priority and words', () => {
    const rows = cover(table, [])
    const counts = { S0: 22, S1: 25, S2: 21, S3: 39, S4: 49 }
    const ids = Object.entries(counts).flatMap(([seed, count]) => Array.from({ length: count }, (_, index) => `${seed}.${index + 1}`))
    expect(rows.map(({ id }) => id)).toEqual(ids)
    expect(rows.filter(({ priority, says }) => !/^[123]$/.test(priority) || says.length < 10)).toEqual([])
  })

  it('finds the tests that name a row, and counts the rows without one', () => {
    const source = String.raw`describe('S2.3: uploads', () => { it("S2.3, S2.4: it's sealed", x); it.each(rows)('S9: $name', x); const row = { it: 'S1: a row', as: it } }) // S2.5`
    expect(titlesIn(source)).toEqual(['S2.3: uploads', "S2.3, S2.4: it's sealed", 'S9: $name', 'S1: a row'])
    const rows = cover(table, [['a.test.ts', source]])
    const named = rows.filter(({ tests }) => tests.length > 0).map(({ id, tests }) => [id, tests.length])
    expect(named).toEqual([
      ['S2.3', 2],
      ['S2.4', 1],
    ])
    expect(report(rows)).toMatch(/\n2 of 156 requirements are named by a test: P1 2 of \d+, P2 0 of \d+, P3 0 of \d+$/)
  })

  it('takes an id that is no requirement for a fault', () => {
    expect(() => cover(table, [['a.test.ts', "it('S2.99: something', x)"]])).toThrow('S2.99, which is no requirement')
  })
})
