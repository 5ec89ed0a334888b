'use client'
import { Fragment, useSyncExternalStore, type ReactNode } from 'react'
import { minuteWords } from '#components/ui/relative-time'

const marked = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z|`[^`]+`)/

/** A sentence of the server: its moments as the reader's clock has them, with the zone beside them, and what is typed as code. */
export function Sentence({ words }: { words: string }): ReactNode {
  const parts = words.split(marked)
  if (parts.length === 1) return words
  // oxlint-disable-next-line react/no-array-index-key -- parts of one sentence never move
  return parts.map((part, index) => <Fragment key={index}>{index % 2 === 1 ? <Marked part={part} /> : part}</Fragment>)
}

function Marked({ part }: { part: string }): ReactNode {
  return part.startsWith('`') ? <code className="font-mono text-sm">{part.slice(1, -1)}</code> : <Moment at={part} />
}

function Moment({ at }: { at: string }): ReactNode {
  const words = useSyncExternalStore(
    neverChanges,
    () => minuteWords(at),
    () => at,
  )
  return (
    <time dateTime={at} title={at} className="whitespace-nowrap">
      {words}
    </time>
  )
}

const neverChanges = () => () => {}
