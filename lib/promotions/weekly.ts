// A closed time that comes back each week, as a person says it: from Friday 16:00 to Monday 08:00 in Europe/Berlin.
import { z } from 'zod'
import { weekdays } from '#lib/promotions/weekly-words'

const moment = z.strictObject({
  day: z.enum(weekdays),
  /** `HH:MM` by the clock on the wall of the time zone. */
  time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write the time as 16:00.'),
})

export const weeklySchema = z
  .strictObject({
    /** A name of the IANA time zone database: `Europe/Berlin`. An offset is none: it does not know summer. */
    timeZone: z.string().max(60).refine(isTimeZone, 'Name a time zone of the IANA database, as Europe/Berlin.'),
    closes: moment,
    opens: moment,
  })
  .refine(({ closes, opens }) => closes.day !== opens.day || closes.time !== opens.time, 'It would never open: choose another time to open.')
export type Weekly = z.output<typeof weeklySchema>

export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
