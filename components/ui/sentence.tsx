'use client'
import { Fragment, useSyncExternalStore, type ReactNode } from 'react'

const moment = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/

/** A sentence of the server, with the moments in it as the reader's clock has them; the zone stands beside them. */
export function TimedWords({ words }: { words: string }): ReactNode {
  const parts = words.split(moment)
  if (parts.length === 1) return words
  // oxlint-disable-next-line react/no-array-index-key -- parts of one sentence never move
  return parts.map((part, index) => <Fragment key={index}>{index % 2 === 1 ? <Moment at={part} /> : part}</Fragment>)
}

function Moment({ at }: { at: string }): ReactNode {
  const words = useSyncExternalStore(
    neverChanges,
    () => momentWords(at),
    () => at,
  )
  return (
    <time dateTime={at} title={at} className="whitespace-nowrap">
      {words}
    </time>
  )
}

const neverChanges = () => () => {}

/** `2 Dec 2026, 08:53 UTC` in the reader's zone; `timeZone` is for tests. */
export function momentWords(at: string, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(new Date(at))
}
