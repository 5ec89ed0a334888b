import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface EmptyStateProps {
  title: string
  /** How something comes to be here. */
  children?: ReactNode
  icon?: LucideIcon
  action?: ReactNode
}

/** There is nothing, and it was looked at. "Not loaded" is a skeleton. */
export function EmptyState({ title, children, icon: Icon, action }: EmptyStateProps): ReactNode {
  return (
    <div className="grid justify-items-center gap-1.5 rounded-3 border border-dashed border-line-strong px-6 py-10 text-center">
      {Icon && <Icon aria-hidden size={22} strokeWidth={1.6} className="mb-1 text-ink-3" />}
      <p className="text-lg font-[570]">{title}</p>
      {children && <div className="max-w-md text-ink-2 [&_a]:underline [&_a]:underline-offset-2">{children}</div>}
      {action && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}
