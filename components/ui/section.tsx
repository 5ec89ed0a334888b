import { clsx } from 'clsx'
import { useId, type ReactNode } from 'react'

interface SectionProps {
  title: ReactNode
  /** Beside the title, quiet: counts, the share that changes. */
  aside?: ReactNode
  description?: ReactNode
  children: ReactNode
  /** A surface with a hairline around the content. */
  isBoxed?: boolean
  className?: string
}

/** A part of a page under its own heading. */
export function Section({ title, aside, description, children, isBoxed = false, className }: SectionProps): ReactNode {
  const id = useId()
  return (
    <section aria-labelledby={id} className={clsx('min-w-0', className)}>
      <div className="mb-2 flex break-after-avoid flex-wrap items-baseline justify-between gap-x-4">
        <h2 id={id} className="text-sm font-[600] text-ink-2">
          {title}
        </h2>
        {aside && <div className="text-sm text-ink-3">{aside}</div>}
      </div>
      {description && <p className="mb-3 max-w-prose text-ink-2">{description}</p>}
      {isBoxed ? <div className="rounded-3 border bg-surface px-4 py-3.5">{children}</div> : children}
    </section>
  )
}
