const dayMs = 86_400_000
/** What the desk looks at when nothing else is asked. */
const usualDays = 30

/** The day in UTC, `2026-11-01`, that stands where none was chosen: today, and thirty days before the end. */
export function usualDay(name: 'from' | 'to', to: string, now = Date.now()): string {
  const end = Date.parse(`${to}T00:00:00Z`)
  // Of a day that was chosen all is looked at, of today what has passed.
  const until = Number.isNaN(end) ? now : end + dayMs
  return new Date(name === 'to' ? now : until - usualDays * dayMs).toISOString().slice(0, 10)
}

/** `26 Oct 2026 to 25 Nov 2026 (UTC)`; the end itself is no part of the period. */
export function periodWords(from: string, to: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' })
  const [first, last] = [format.format(new Date(from)), format.format(Date.parse(to) - 1)]
  return first === last ? `${first} (UTC)` : `${first} to ${last} (UTC)`
}
