'use client'
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** How long, in the one unit that matters: `12 s`, `40 min`, `3 h`, `9 d`. Never negative. */
export function spanWords(ms: number): string {
  const span = Math.max(0, ms)
  if (span < minuteMs) return `${Math.floor(span / 1000)} s`
  if (span < hourMs) return `${Math.floor(span / minuteMs)} min`
  if (span < dayMs) return `${Math.floor(span / hourMs)} h`
  return `${Math.floor(span / dayMs)} d`
}

/** How long is left, in two units while the first counts few: `2 h 14 min`, `6 d 23 h`. Never more than there is. */
export function leftWords(ms: number): string {
  const [unit, part, word] = ms < dayMs ? [hourMs, minuteMs, 'min'] : [dayMs, hourMs, 'h']
  const rest = Math.floor((ms % unit) / part)
  return ms < hourMs || ms >= 10 * unit || rest === 0 ? spanWords(ms) : `${spanWords(ms)} ${rest} ${word}`
}

/**
 * A moment as seen from `now`: `12 min ago`, `in 3 h`. A moment less than two seconds ahead is a clock that is a little
 * off, and reads as `now`.
 * @param at ISO 8601
 */
export function relativeWords(at: string, now: number): string {
  const ago = now - Date.parse(at)
  if (Number.isNaN(ago)) return 'at an unknown time'
  if (Math.abs(ago) < 2000) return 'now'
  return ago > 0 ? `${spanWords(ago)} ago` : `in ${leftWords(-ago)}`
}

/** The exact moment in the reader's zone, with the zone's name; `timeZone` is for tests. */
export function exactWords(at: string, timeZone?: string): string {
  return zonedWords(at, { second: '2-digit', timeZone })
}

/** The same to the minute: `2 Dec 2026, 08:53 UTC`. */
export function minuteWords(at: string, timeZone?: string): string {
  return zonedWords(at, { timeZone })
}

function zonedWords(at: string, more: Intl.DateTimeFormatOptions): string {
  const moment = new Date(at)
  if (Number.isNaN(moment.getTime())) return 'an unknown time'
  const toTheMinute = { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const
  return new Intl.DateTimeFormat('en-GB', { ...toTheMinute, ...more }).format(moment)
}

/** How long the words stay true: a second while they count seconds, half a minute while minutes, else a quarter of an hour; what is left is counted in minutes for longer. */
export function nextTickMs(at: string, now: number): number {
  const span = Math.abs(now - Date.parse(at))
  if (span < minuteMs) return 1000
  const isLeft = Date.parse(at) > now
  return span < (isLeft ? 10 * hourMs : hourMs) ? minuteMs / 2 : hourMs / 4
}

/**
 * A time that goes on counting, exact on hover.
 * @param bare without `ago` and `in`, where the column says what it is
 */
export function RelativeTime({ at, bare = false }: { at: string; bare?: boolean }): ReactNode {
  const now = useNow(at)
  const exact = useExact(at)
  const words = bare ? spanWords(Math.abs(now - Date.parse(at)) || 0) : relativeWords(at, now)
  return (
    <time dateTime={at} title={exact} style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }} suppressHydrationWarning>
      {words}
    </time>
  )
}

/** Only in the browser: the server does not know the reader's zone, and hydration would keep the wrong one. */
function useExact(at: string): string | undefined {
  return useSyncExternalStore(
    neverChanges,
    () => exactWords(at),
    () => undefined,
  )
}

const neverChanges = () => () => {}

function useNow(at: string): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    // Another time may come in between two ticks: what has passed since the last one counts.
    const passed = Date.now() - now
    const timer = setTimeout(() => setNow(Date.now()), Math.max(0, nextTickMs(at, now) - passed))
    return () => clearTimeout(timer)
  }, [at, now])
  return now
}
