import { clsx } from 'clsx'
import { Ban, Check, CircleAlert, Clock, LoaderCircle, Minus, Pause, ShieldOff, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

/** The six roles of a state; every page maps its own words onto them. */
export type StatusTone = 'ok' | 'wait' | 'bad' | 'run' | 'off' | 'waived'

export const toneText: Record<StatusTone, string> = {
  ok: 'text-ok',
  wait: 'text-wait',
  bad: 'text-bad',
  run: 'text-run',
  off: 'text-off',
  waived: 'text-waived',
}

export const toneSoft: Record<StatusTone, string> = {
  ok: 'bg-ok-soft',
  wait: 'bg-wait-soft',
  bad: 'bg-bad-soft',
  run: 'bg-run-soft',
  off: 'bg-off-soft',
  waived: 'bg-waived-soft',
}

const icons: Record<StatusTone, LucideIcon> = { ok: Check, wait: Pause, bad: CircleAlert, run: LoaderCircle, off: Minus, waived: ShieldOff }

/** Other signs where the one of the role would say less. */
export const statusIcons = { clock: Clock, ban: Ban } as const

interface StatusProps {
  tone: StatusTone
  /** The word: never colour alone. */
  children: ReactNode
  icon?: LucideIcon | undefined
  /** Without the pill, in running text and dense rows. */
  plain?: boolean
  title?: string | undefined
}

/** Icon, word and colour. What runs turns; nothing else moves. */
export function Status({ tone, children, icon, plain = false, title }: StatusProps): ReactNode {
  const Icon = icon ?? icons[tone]
  return (
    <span
      title={title}
      className={clsx(
        'inline-flex items-center gap-1 text-sm font-[550] whitespace-nowrap tabular-nums',
        toneText[tone],
        !plain && ['rounded-full py-px pr-2 pl-1.5', toneSoft[tone]],
      )}
    >
      <StatusIcon tone={tone} icon={Icon} />
      {children}
    </span>
  )
}

/** The sign alone, decorative: a word must stand beside it. */
export function StatusIcon({ tone, icon, size = 12 }: { tone: StatusTone; icon?: LucideIcon | undefined; size?: number }): ReactNode {
  const Icon = icon ?? icons[tone]
  return <Icon aria-hidden size={size} strokeWidth={2.5} className={clsx('shrink-0', toneText[tone], Icon === LoaderCircle && 'animate-spin')} />
}
