import type { ReactNode } from 'react'
import { SearchTrigger } from '#components/layout/search-trigger'

interface PageHeaderProps {
  title: ReactNode
  /** Counts and facts of the whole page. */
  children?: ReactNode
  /** What one can do here; the accent belongs to one of them. */
  actions?: ReactNode
  /** Where it hangs: links above the title. */
  trail?: ReactNode
}

export function PageHeader({ title, children, actions, trail }: PageHeaderProps): ReactNode {
  return (
    <header className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-3">
      <div className="min-w-0 flex-1 basis-64">
        {trail && <div className="mb-0.5 text-sm text-ink-3">{trail}</div>}
        <h1 className="text-xl font-[620] tracking-[-0.02em] text-balance break-words">{title}</h1>
        {children && <div className="text-ink-3">{children}</div>}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <SearchTrigger />
        {actions}
      </div>
    </header>
  )
}
