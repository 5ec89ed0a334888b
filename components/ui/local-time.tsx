'use client'
import { useSyncExternalStore } from 'react'

/** The value of `<input type="datetime-local">` for a moment, in the reader's zone, to the minute. */
export function toLocalInput(at: Date): string {
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 16)
}

/** The moment (ISO 8601, UTC) that somebody meant; null where the input is empty or no time. */
export function fromLocalInput(value: string): string | null {
  // A date and time without an offset is local time (ECMA-262, Date Time String Format).
  const at = new Date(value)
  return value === '' || Number.isNaN(at.getTime()) ? null : at.toISOString()
}

/** The reader's zone by its name; '' on the server, which does not know it. */
export function useTimeZone(): string {
  return useSyncExternalStore(
    neverChanges,
    () => new Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => '',
  )
}

const neverChanges = () => () => {}
