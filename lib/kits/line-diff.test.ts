import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffLines, hunksOf, type DiffLine } from '#lib/kits/line-diff'
import { testSeed } from '#lib/testing/seed'

const side = (lines: readonly DiffLine[], other: '+' | '-') => lines.filter(({ sign }) => sign !== other).map(({ text }) => text)
const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 30 }).map((lines) => (lines.length === 0 ? '' : `${lines.join('\n')}\n`))
const linesOf = (text: string) => (text === '' ? [] : text.slice(0, -1).split('\n'))

/** Longest common subsequence by the textbook's table. */
function commonOf(left: string[], right: string[]): number {
  const table = Array.from({ length: left.length + 1 }, () => Array.from({ length: right.length + 1 }, () => 0))
  for (const [i, a] of left.entries())
    for (const [j, b] of right.entries()) table[i + 1]![j + 1] = a === b ? table[i]![j]! + 1 : Math.max(table[i]![j + 1]!, table[i + 1]![j]!)
  return table[left.length]![right.length]!
}

describe('a diff of lines', () => {
  it('holds both texts whole and changes as little as can be', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const lines = diffLines(before, after)
        expect(side(lines, '+')).toEqual(linesOf(before))
        expect(side(lines, '-')).toEqual(linesOf(after))
        expect(lines.filter(({ sign }) => sign === ' ')).toHaveLength(commonOf(linesOf(before), linesOf(after)))
      }),
      { seed: testSeed('line diff'), numRuns: 500 },
    )
  })

  it('shows every difference once, with three lines around it and the numbers of both texts', () => {
    const before = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`)
    const after = before.with(4, 'fifth').toSpliced(30, 1)
    const lines = diffLines(before.join('\n'), after.join('\n'))
    const hunks = hunksOf(lines)
    expect(hunks.map(({ fromLine, toLine, lines: all }) => [fromLine, toLine, all.map(({ sign, text }) => sign + text)])).toEqual([
      [2, 2, [' line 2', ' line 3', ' line 4', '-line 5', '+fifth', ' line 6', ' line 7', ' line 8']],
      [28, 28, [' line 28', ' line 29', ' line 30', '-line 31', ' line 32', ' line 33', ' line 34']],
    ])
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        const all = diffLines(one, other)
        const shown = hunksOf(all).flatMap((hunk) => hunk.lines)
        expect(shown.filter(({ sign }) => sign !== ' ')).toEqual(all.filter(({ sign }) => sign !== ' '))
      }),
      { seed: testSeed('hunks') },
    )
    expect(hunksOf(diffLines('same\n', 'same\n'))).toEqual([])
  })

  it('gives up on texts that have nothing in common, and still holds both', () => {
    const many = (word: string) => Array.from({ length: 5000 }, (_, index) => `${word} ${index}`).join('\n')
    const lines = diffLines(many('a'), many('b'))
    expect(lines).toHaveLength(10_000)
  })
})
