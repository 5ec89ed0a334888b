import { clsx } from 'clsx'
import type { ReactNode } from 'react'

/** One grey block in the shape of what comes. */
export function Skeleton({ className }: { className?: string }): ReactNode {
  return <span aria-hidden className={clsx('block h-3.5 animate-breathe rounded-1 bg-off-soft', className)} />
}

/** Rows of a table that is not here yet; says so to a screen reader. */
export function SkeletonRows({ rows = 6, label = 'Loading' }: { rows?: number; label?: string }): ReactNode {
  return (
    <div role="status" aria-label={label} className="overflow-hidden rounded-3 border bg-surface">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="flex items-center gap-6 border-b px-3.5 py-3.5 last:border-b-0">
          <Skeleton className="w-1/5" />
          <Skeleton className="w-2/5" />
          <Skeleton className="ml-auto w-16" />
        </div>
      ))}
    </div>
  )
}
