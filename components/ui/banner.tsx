import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { StatusIcon, toneSoft, type StatusTone } from '#components/ui/status'

interface BannerProps {
  tone?: StatusTone
  title?: ReactNode
  children?: ReactNode
  action?: ReactNode
  /** `alert` is read out at once: only for what somebody just caused. */
  role?: 'alert' | 'status' | 'note'
}

const lines: Record<StatusTone, string> = {
  ok: 'border-ok/30',
  wait: 'border-wait/35',
  bad: 'border-bad/35',
  run: 'border-run/30',
  off: 'border-line-strong',
  waived: 'border-waived/30',
}

/** Something about the whole page or dialog, above what it is about. */
export function Banner({ tone = 'off', title, children, action, role = 'note' }: BannerProps): ReactNode {
  return (
    <div role={role} className={clsx('flex flex-wrap items-start gap-x-3 gap-y-2 rounded-2 border px-3 py-2', toneSoft[tone], lines[tone])}>
      <span className="mt-0.5">
        <StatusIcon tone={tone} size={14} />
      </span>
      <div className="min-w-0 flex-1 basis-56">
        {title && <p className="font-[570]">{title}</p>}
        {children && <div className="text-ink-2 [&_a]:underline [&_a]:underline-offset-2">{children}</div>}
      </div>
      {action && <div className="flex shrink-0 items-center gap-2">{action}</div>}
    </div>
  )
}
