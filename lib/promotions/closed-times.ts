// From what a freeze says to the instants at which it closes and opens. Everything that asks gives the database's clock.
import { Temporal } from 'temporal-polyfill'
import type { Weekly } from '#lib/promotions/weekly'
import { weekdays } from '#lib/promotions/weekly-words'

export interface ClosedTime {
  startsAt: Date
  /** null: until it is lifted. */
  endsAt: Date | null
}

/** What a freeze says: once from start to end, or each week within them. */
export interface FreezeRule extends ClosedTime {
  weekly: Weekly | null
  /** Starts of closed times of the week that stay open, as ISO instants. */
  skipped?: readonly string[]
}

/** Those that are not over at a time, in order; the first may have begun. The start is inside, the end is not. */
function* closedTimes(rule: FreezeRule, at: Date): Generator<ClosedTime> {
  const { startsAt, endsAt, weekly, skipped = [] } = rule
  if (endsAt && endsAt <= at) return
  if (!weekly) {
    yield { startsAt, endsAt }
    return
  }
  for (const week of weeks(weekly, startsAt > at ? startsAt : at)) {
    if (endsAt && week.startsAt >= endsAt) return
    const closesAt = week.startsAt < startsAt ? startsAt : week.startsAt
    if (skipped.includes(closesAt.toISOString())) continue
    yield {
      startsAt: closesAt,
      endsAt: endsAt && endsAt < week.endsAt ? endsAt : week.endsAt,
    }
  }
}

/** The next closed times of a rule, so many at most and none that begins at `before` or later; the first may have begun. */
export function nextClosedTimes(rule: FreezeRule, at: Date, count: number, before: Date | null = null): ClosedTime[] {
  const times: ClosedTime[] = []
  for (const time of closedTimes(rule, at)) {
    if (times.length === count || (before && time.startsAt >= before)) break
    times.push(time)
  }
  return times
}

/** The closed time that a rule is in, or that comes next; undefined when none comes any more. */
export function closedTimeAt(rule: FreezeRule, at: Date): ClosedTime | undefined {
  return nextClosedTimes(rule, at, 1)[0]
}

/** When nothing is closed any more, by all of these rules; null when one has to be lifted for it, or no end is in sight. */
export function opensAt(rules: readonly FreezeRule[], at: Date): Date | null {
  let open = at
  // Each turn passes at least one closed time; rules that follow each other without a gap for so long never open.
  for (let turn = 0; turn < 500; turn += 1) {
    const closing = rules.map((rule) => closedTimeAt(rule, open)).filter((time) => time !== undefined && time.startsAt <= open)
    if (closing.length === 0) return open
    for (const time of closing) {
      if (!time?.endsAt) return null
      if (time.endsAt > open) open = time.endsAt
    }
  }
  return null
}

/** Without an end. A week that closes on a time that the clocks skip, or have twice, is rather closed than open: it begins earlier, ends later. */
function* weeks({ timeZone, closes, opens }: Weekly, from: Date): Generator<{ startsAt: Date; endsAt: Date }> {
  const span = (weekdays.indexOf(opens.day) - weekdays.indexOf(closes.day) + 7) % 7
  const days = span === 0 && opens.time <= closes.time ? 7 : span
  const today = Temporal.Instant.fromEpochMilliseconds(from.getTime()).toZonedDateTimeISO(timeZone).toPlainDate()
  // The one that began before today may last a week, and a day that a zone left out.
  let closing = today.subtract({ days: 9 })
  closing = closing.add({ days: (weekdays.indexOf(closes.day) + 1 - closing.dayOfWeek + 7) % 7 })
  for (; ; closing = closing.add({ days: 7 })) {
    const startsAt = instantOf(closing, closes.time, timeZone, 'earlier')
    const endsAt = instantOf(closing.add({ days }), opens.time, timeZone, 'later')
    if (endsAt > from) yield { startsAt, endsAt }
  }
}

function instantOf(date: Temporal.PlainDate, time: string, timeZone: string, disambiguation: 'earlier' | 'later'): Date {
  const zoned = date.toPlainDateTime(Temporal.PlainTime.from(time)).toZonedDateTime(timeZone, { disambiguation })
  return new Date(zoned.epochMilliseconds)
}

/** How far ahead the list of closed times looks. */
export const upcomingDays = 28
