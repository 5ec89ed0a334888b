'use client'
import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { useLiveState } from '#components/live'
import { RelativeTime } from '#components/ui/relative-time'

/**
 * How old what is shown is, and whether a change would be told.
 * @param at milliseconds since the epoch (`dataUpdatedAt` of a query); 0 while nothing was loaded
 */
export function UpdatedMark({ at }: { at: number }): ReactNode {
  const state = useLiveState()
  // Its line is kept: the page below does not move when the answer is there.
  if (at === 0) return <span className="text-sm">&nbsp;</span>
  return (
    <span className="inline-flex items-center gap-1.5 text-sm whitespace-nowrap text-ink-3 tabular-nums">
      <span aria-hidden className={clsx('size-1.5 rounded-full', state === 'live' ? 'bg-ok' : 'bg-wait')} />
      <span>
        {state === 'live' ? '' : 'reconnecting, '}updated <RelativeTime at={new Date(at).toISOString()} />
      </span>
    </span>
  )
}
