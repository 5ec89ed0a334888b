import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closedTimeAt, nextClosedTimes, opensAt, type FreezeRule } from '#lib/promotions/closed-times'
import { weeklySchema, type Weekly } from '#lib/promotions/weekly'
import { weekdays } from '#lib/promotions/weekly-words'
import { testSeed } from '#lib/testing/seed'

const always = new Date('2000-01-01T00:00:00Z')
const weekend: Weekly = { timeZone: 'Europe/Berlin', closes: { day: 'fri', time: '16:00' }, opens: { day: 'mon', time: '08:00' } }
const rule = (weekly: Weekly | null, more: Partial<FreezeRule> = {}): FreezeRule => ({ startsAt: always, endsAt: null, weekly, ...more })
const times = (one: FreezeRule, at: string, count: number) =>
  nextClosedTimes(one, new Date(at), count).map(({ startsAt, endsAt }) => [startsAt.toISOString(), endsAt?.toISOString() ?? null])

/** The clock on the wall by Intl alone: minutes since Monday 00:00. */
function wallMinutes(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(
    at,
  )
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  return weekdays.findIndex((day) => day === of('weekday').toLowerCase()) * 1440 + Number(of('hour')) * 60 + Number(of('minute'))
}
const minutesOf = ({ day, time }: Weekly['closes']) => weekdays.indexOf(day) * 1440 + Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
function saysWall({ closes, opens, timeZone }: Weekly, at: Date): boolean {
  const [now, from, until] = [wallMinutes(at, timeZone), minutesOf(closes), minutesOf(opens)]
  return from < until ? now >= from && now < until : now >= from || now < until
}
/** Whether the clocks of a zone are moved within hours of a time. */
function movesNear(at: Date, timeZone: string, hours = 5): boolean {
  const shift = (one: Date) => (wallMinutes(one, timeZone) - Math.floor(one.getTime() / 60_000)) % 10_080
  const offsets = [-hours, 0, hours].map((hour) => ((shift(new Date(at.getTime() + hour * 3_600_000)) % 10_080) + 10_080) % 10_080)
  return new Set(offsets).size > 1
}

const zones = Intl.supportedValuesOf('timeZone')
const moment = fc.record({
  day: fc.constantFrom(...weekdays),
  time: fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((pair) => pair.map((part) => String(part).padStart(2, '0')).join(':')),
})
const weekly = fc
  .record({ timeZone: fc.constantFrom(...zones), closes: moment, opens: moment })
  .filter(({ closes, opens }) => closes.day !== opens.day || closes.time !== opens.time)
const instant = fc.integer({ min: Date.UTC(2015, 0, 1) / 60_000, max: Date.UTC(2036, 0, 1) / 60_000 }).map((minutes) => new Date(minutes * 60_000))

describe('a weekly closed time', () => {
  it('closes from Friday 16:00 to Monday 08:00 in Berlin, in winter and in summer, and keeps the wall clock over both changes', () => {
    expect(times(rule(weekend), '2026-03-20T12:00:00Z', 3)).toEqual([
      ['2026-03-20T15:00:00.000Z', '2026-03-23T07:00:00.000Z'],
      ['2026-03-27T15:00:00.000Z', '2026-03-30T06:00:00.000Z'],
      ['2026-04-03T14:00:00.000Z', '2026-04-06T06:00:00.000Z'],
    ])
    expect(times(rule(weekend), '2026-10-24T00:00:00Z', 2)).toEqual([
      ['2026-10-23T14:00:00.000Z', '2026-10-26T07:00:00.000Z'],
      ['2026-10-30T15:00:00.000Z', '2026-11-02T07:00:00.000Z'],
    ])
  })

  it('is rather closed than open at a time that the clocks skip or have twice', () => {
    const night = (closes: string, opens: string): Weekly => ({
      timeZone: 'Europe/Berlin',
      closes: { day: 'sun', time: closes },
      opens: { day: 'sun', time: opens },
    })
    expect(times(rule(night('02:30', '05:00')), '2026-03-29T00:00:00Z', 1)).toEqual([['2026-03-29T00:30:00.000Z', '2026-03-29T03:00:00.000Z']])
    expect(times(rule(night('01:00', '02:30')), '2026-03-29T00:00:00Z', 1)).toEqual([['2026-03-29T00:00:00.000Z', '2026-03-29T01:30:00.000Z']])
    expect(times(rule(night('02:30', '05:00')), '2026-10-25T00:00:00Z', 1)).toEqual([['2026-10-25T00:30:00.000Z', '2026-10-25T04:00:00.000Z']])
    expect(times(rule(night('01:00', '02:30')), '2026-10-25T00:00:00Z', 1)).toEqual([['2026-10-24T23:00:00.000Z', '2026-10-25T01:30:00.000Z']])
  })

  it('is closed whenever the wall clock of its zone says so, and otherwise only where clocks are being moved', () => {
    fc.assert(
      fc.property(weekly, instant, (one, at) => {
        const time = closedTimeAt(rule(one), at)
        const isClosed = time !== undefined && time.startsAt <= at
        if (saysWall(one, at)) expect(isClosed).toBe(true)
        else if (isClosed) expect(movesNear(at, one.timeZone, 26)).toBe(true)
      }),
      { seed: testSeed('closed times'), numRuns: 1500 },
    )
  })

  it('comes back each week, in order and never inside out', () => {
    fc.assert(
      fc.property(weekly, instant, (one, at) => {
        const list = nextClosedTimes(rule(one), at, 60)
        expect(list).toHaveLength(60)
        expect((list[0]?.endsAt ?? at) > at).toBe(true)
        for (const [index, { startsAt, endsAt }] of list.entries()) {
          expect((endsAt ?? at) > startsAt).toBe(true)
          const before = list[index - 1]
          const apart = before ? startsAt.getTime() - before.startsAt.getTime() : 604_800_000
          expect(Math.abs(apart - 604_800_000)).toBeLessThanOrEqual(86_400_000)
        }
      }),
      { seed: testSeed('weeks'), numRuns: 200 },
    )
  })

  it('stays within the time that it is set for', () => {
    const one = rule(weekend, { startsAt: new Date('2026-11-28T12:00:00Z'), endsAt: new Date('2026-12-05T12:00:00Z') })
    expect(times(one, '2026-11-01T00:00:00Z', 9)).toEqual([
      ['2026-11-28T12:00:00.000Z', '2026-11-30T07:00:00.000Z'],
      ['2026-12-04T15:00:00.000Z', '2026-12-05T12:00:00.000Z'],
    ])
    expect(times(one, '2026-12-05T12:00:00Z', 9)).toEqual([])
  })

  it.each([
    ['an offset', { ...weekend, timeZone: '+01:00' }],
    ['an unknown zone', { ...weekend, timeZone: 'Europe/Atlantis' }],
    ['no zone', { ...weekend, timeZone: '' }],
    ['a time of no day', { ...weekend, closes: { day: 'fri', time: '24:00' } }],
    ['a week without an opening', { ...weekend, opens: weekend.closes }],
  ])('is refused with %s', (_what, document) => {
    expect(weeklySchema.safeParse(document).success).toBe(false)
  })
})

describe('when it opens', () => {
  const once = (startsAt: string, endsAt: string | null): FreezeRule =>
    rule(null, { startsAt: new Date(startsAt), endsAt: endsAt ? new Date(endsAt) : null })

  it('follows windows that touch or overlap to where nothing is closed', () => {
    const rules = [rule(weekend), once('2026-11-30T06:30:00Z', '2026-11-30T12:00:00Z'), once('2026-11-30T12:00:00Z', '2026-11-30T13:00:00Z')]
    expect(opensAt(rules, new Date('2026-11-28T00:00:00Z'))?.toISOString()).toBe('2026-11-30T13:00:00.000Z')
    expect(opensAt(rules, new Date('2026-11-26T00:00:00Z'))?.toISOString()).toBe('2026-11-26T00:00:00.000Z')
  })

  it('says nothing where one has to be lifted, or weeks follow each other for ever', () => {
    expect(opensAt([rule(weekend), once('2026-11-01T00:00:00Z', null)], new Date('2026-11-28T00:00:00Z'))).toBeNull()
    const week: Weekly = { ...weekend, opens: { day: 'fri', time: '15:00' } }
    const gap: Weekly = { ...weekend, closes: { day: 'fri', time: '15:00' }, opens: { day: 'fri', time: '16:00' } }
    expect(opensAt([rule(week), rule(gap)], new Date('2026-11-28T00:00:00Z'))).toBeNull()
  })
})

describe('a week that is skipped', () => {
  it('is open, and no other is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), (skip) => {
        const from = '2026-11-25T00:00:00Z'
        const all = times(rule(weekend), from, 7)
        const open = all[skip]?.[0] ?? ''
        expect(times(rule(weekend, { skipped: [open] }), from, 6)).toEqual(all.toSpliced(skip, 1))
        expect(opensAt([rule(weekend, { skipped: [open] })], new Date(open))).toEqual(new Date(open))
      }),
      { seed: testSeed('skipped weeks') },
    )
  })
})
