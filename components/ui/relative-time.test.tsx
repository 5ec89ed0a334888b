import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { exactWords, minuteWords, nextTickMs, RelativeTime, relativeWords, spanWords } from '#components/ui/relative-time'

const now = Date.parse('2026-11-25T12:00:00Z')
const before = (ms: number): string => new Date(now - ms).toISOString()

describe('a relative time', () => {
  it.each([
    [0, 'now'],
    [1999, 'now'],
    [2000, '2 s ago'],
    [59_999, '59 s ago'],
    [60_000, '1 min ago'],
    [59 * 60_000 + 59_999, '59 min ago'],
    [3_600_000, '1 h ago'],
    [86_399_999, '23 h ago'],
    [86_400_000, '1 d ago'],
    [400 * 86_400_000, '400 d ago'],
    [-1500, 'now'],
    [-3 * 3_600_000, 'in 3 h'],
    [-(2 * 3_600_000 + 14 * 60_000), 'in 2 h 14 min'],
    [-(7 * 86_400_000 - 1), 'in 6 d 23 h'],
    [-(10 * 86_400_000 + 1), 'in 10 d'],
  ])('%d ms ago reads as "%s"', (ms, words) => {
    expect(relativeWords(before(ms), now)).toBe(words)
  })

  it('rounds down and never below nothing: nothing is older than it is', () => {
    expect(spanWords(119_999)).toBe('1 min')
    expect(spanWords(-5)).toBe('0 s')
  })

  it('says so when the time is none', () => {
    expect(relativeWords('yesterday-ish', now)).toBe('at an unknown time')
    expect(exactWords('yesterday-ish')).toBe('an unknown time')
  })

  it('shows the exact moment with its zone', () => {
    expect(exactWords('2026-11-25T12:00:05Z', 'UTC')).toBe('25 Nov 2026, 12:00:05 UTC')
    expect(minuteWords('2026-11-25T12:00:05Z', 'UTC')).toBe('25 Nov 2026, 12:00 UTC')
    expect(exactWords('2026-07-25T12:00:05Z', 'Europe/Berlin')).toMatch(/^25 Jul 2026, 14:00:05 (CEST|GMT\+2)$/)
  })

  it('does not say the zone of the server for that of the reader', () => {
    const html = renderToStaticMarkup(<RelativeTime at="2020-01-01T00:00:00Z" />)
    expect(html).toContain('dateTime="2020-01-01T00:00:00Z"')
    expect(html).not.toContain('title')
  })

  it('ticks as often as its words change, and no oftener', () => {
    expect(nextTickMs(before(5000), now)).toBe(1000)
    expect(nextTickMs(before(120_000), now)).toBe(30_000)
    expect(nextTickMs(before(7_200_000), now)).toBe(900_000)
    expect(nextTickMs(before(-7_200_000), now)).toBe(30_000)
  })
})
