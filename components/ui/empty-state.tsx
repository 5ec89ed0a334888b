import { clsx } from 'clsx'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface EmptyStateProps {
  title: string
  /** How something comes to be here. */
  children?: ReactNode
  icon?: LucideIcon
  action?: ReactNode
  /** One of several parts of a page, none of which is what one came for. */
  isSlim?: boolean
}

/** There is nothing, and it was looked at. "Not loaded" is a skeleton. */
export function EmptyState({ title, children, icon: Icon, action, isSlim = false }: EmptyStateProps): ReactNode {
  return (
    <div
      className={clsx(
        'rounded-3 border border-dashed border-line-strong',
        isSlim ? 'flex flex-wrap items-baseline gap-x-2.5 gap-y-0.5 px-4 py-3' : 'grid justify-items-center gap-1.5 px-6 py-10 text-center',
      )}
    >
      {Icon && <Icon aria-hidden size={22} strokeWidth={1.6} className="mb-1 text-ink-3" />}
      <p className={isSlim ? 'font-[550] text-ink-2' : 'text-lg font-[570]'}>{title}</p>
      {children && <div className={clsx('[&_a]:underline [&_a]:underline-offset-2', isSlim ? 'text-ink-3' : 'max-w-md text-ink-2')}>{children}</div>}
      {action && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}
