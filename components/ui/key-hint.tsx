import { clsx } from 'clsx'
import type { ReactNode } from 'react'

/** A key, or several pressed one after the other: `g b`. */
export function KeyHint({ keys, className }: { keys: string; className?: string }): ReactNode {
  return (
    <span className={clsx('inline-flex gap-0.5', className)}>
      {keys.split(' ').map((key) => (
        <kbd key={key} className="rounded-1 border px-1 font-mono text-xs text-ink-3">
          {key}
        </kbd>
      ))}
    </span>
  )
}
