import type { ReactNode } from 'react'
import { SearchTrigger } from '#components/layout/search-trigger'
import { UpdatedMark } from '#components/ui/updated-mark'

interface PageHeaderProps {
  title: ReactNode
  /** Counts and facts of the whole page. */
  children?: ReactNode
  /** What one can do here; the accent belongs to one of them. */
  actions?: ReactNode
  /** Where it hangs: links above the title. */
  trail?: ReactNode
  /** When what the page shows was loaded (`dataUpdatedAt` of its query); left out where nothing ages. */
  at?: number
}

export function PageHeader({ title, children, actions, trail, at }: PageHeaderProps): ReactNode {
  return (
    <header className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-3">
      <div className="min-w-0 flex-1 basis-64">
        {trail && <div className="mb-0.5 text-sm text-ink-3">{trail}</div>}
        <h1 className="text-xl font-[620] tracking-[-0.02em] text-balance break-words">{title}</h1>
        {(children || at !== undefined) && (
          <div className="flex flex-wrap items-baseline gap-x-3 text-ink-3">
            {children && <div className="min-w-0">{children}</div>}
            {at !== undefined && <UpdatedMark at={at} />}
          </div>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <SearchTrigger />
        {actions}
      </div>
    </header>
  )
}
