import type { ReactNode } from 'react'

interface ProgressProps {
  /** What is under way. */
  label: string
  /** Of `max`; undefined while nobody knows how much there is. */
  value?: number | undefined
  max?: number
  /** What the numbers are: "12 of 48 MB". Shown beside the label. */
  words?: ReactNode
  isLabelHidden?: boolean
}

/** How far something is. Moves only when it does. */
export function Progress({ label, value, max = 100, words, isLabelHidden = false }: ProgressProps): ReactNode {
  const share = value === undefined || max <= 0 ? undefined : Math.min(1, Math.max(0, value / max))
  return (
    <div className="grid gap-1">
      {!isLabelHidden && (
        <div className="flex justify-between gap-3 text-sm text-ink-2">
          <span>{label}</span>
          <span className="tabular-nums">{words}</span>
        </div>
      )}
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuenow={value}
        className="h-1 overflow-hidden rounded-full bg-run-soft"
      >
        <div
          className={share === undefined ? 'h-full w-1/3 animate-breathe bg-run' : 'h-full bg-run transition-[width] duration-(--calm)'}
          style={share === undefined ? undefined : { width: `${share * 100}%` }}
        />
      </div>
    </div>
  )
}
