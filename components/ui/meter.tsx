import { clsx } from 'clsx'
import type { ReactNode } from 'react'

interface MeterProps {
  label: ReactNode
  value: number
  /** null when there is no cap: then the words stand alone. */
  max: number | null
  words: ReactNode
}

/** How much of a cap is used: amber from four fifths, red at the cap, and the words always say it. */
export function Meter({ label, value, max, words }: MeterProps): ReactNode {
  const share = max === null ? 0 : max <= 0 ? 1 : Math.min(1, value / max)
  const colour = share >= 1 ? 'bg-bad' : share >= 0.8 ? 'bg-wait' : 'bg-accent'
  return (
    <div className="grid gap-1">
      <div className="flex justify-between gap-3">
        <span className="text-ink-2">{label}</span>
        <span className="tabular-nums">{words}</span>
      </div>
      {max !== null && (
        <div aria-hidden className="h-1 overflow-hidden rounded-full bg-off-soft">
          <div className={clsx('h-full rounded-full', colour)} style={{ width: `${share * 100}%` }} />
        </div>
      )}
    </div>
  )
}
