import type { ReactNode } from 'react'
import { RelativeTime } from '#components/ui/relative-time'

interface EndedProps {
  /** "lifted", "revoked"; left out where the column says it. */
  how?: string
  at: string
  /** null where it ended by itself. */
  by: { name: string } | null
}

/** That somebody ended a freeze, a waiver or a hold before its time, and when. */
export function Ended({ how, at, by }: EndedProps): ReactNode {
  return (
    <>
      {how} <RelativeTime at={at} />
      {by && ` by ${by.name}`}
    </>
  )
}
