import { describe, expect, it } from 'vitest'
import { periodWords, usualDay } from '#components/desk/desk-period'

describe('the period of the desk', () => {
  const now = Date.parse('2026-11-25T14:00:00Z')

  it('shows the days that are looked at when none was chosen', () => {
    expect([usualDay('from', '', now), usualDay('to', '', now)]).toEqual(['2026-10-26', '2026-11-25'])
    expect(usualDay('from', '2026-11-01', now)).toBe('2026-10-03')
  })

  it('is said in days, the last one included, with the zone', () => {
    expect(periodWords('2026-10-26T14:00:00.000Z', '2026-11-25T14:00:00.000Z')).toBe('26 Oct 2026 to 25 Nov 2026 (UTC)')
    expect(periodWords('2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z')).toBe('1 Nov 2026 to 30 Nov 2026 (UTC)')
    expect(periodWords('2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z')).toBe('1 Nov 2026 (UTC)')
  })
})
