// A weekly closed time in words.

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

interface Moment {
  day: Weekday
  /** `HH:MM` */
  time: string
}

/** `Fri 16:00 to Mon 08:00, Europe/Berlin` */
export function weeklyWords({ closes, opens, timeZone }: { closes: Moment; opens: Moment; timeZone: string }): string {
  return `${dayWords(closes.day)} ${closes.time} to ${dayWords(opens.day)} ${opens.time}, ${timeZone}`
}

function dayWords(day: Weekday): string {
  return day.charAt(0).toUpperCase() + day.slice(1)
}
