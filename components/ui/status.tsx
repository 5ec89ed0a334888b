import { clsx } from 'clsx'
import { Ban, Clock, type LucideIcon } from 'lucide-react'
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

/** Signs on a grid of twelve, drawn for the size at which they are read. */
const signs: Record<StatusTone, string> = {
  ok: 'M2.5 6.2l2.3 2.3 4.7-5',
  wait: 'M4 2.5v7M8 2.5v7',
  bad: 'M6 2v4.7M6 9.5v.1',
  run: 'M6 1.5a4.5 4.5 0 1 0 4.5 4.5',
  off: 'M3 6h6',
  waived: 'M1.8 7c1.4-2.6 2.8-2.6 4.2-1s2.8 1.6 4.2-1',
}

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
  return (
    <span
      title={title}
      className={clsx(
        'inline-flex h-fit items-center gap-1 text-sm font-[550] whitespace-nowrap tabular-nums',
        toneText[tone],
        !plain && ['rounded-full py-px pr-2 pl-1.5', toneSoft[tone]],
      )}
    >
      <StatusIcon tone={tone} icon={icon} />
      {children}
    </span>
  )
}

/** The sign alone, decorative: a word must stand beside it. */
export function StatusIcon({ tone, icon: Icon, size = 12 }: { tone: StatusTone; icon?: LucideIcon | undefined; size?: number }): ReactNode {
  const className = clsx('shrink-0', toneText[tone], tone === 'run' && !Icon && 'animate-spin')
  if (Icon) return <Icon aria-hidden size={size} strokeWidth={2.5} className={className} />
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 12 12" className={className} {...stroke}>
      <path d={signs[tone]} />
    </svg>
  )
}

const stroke = { fill: 'none', stroke: 'currentColor', strokeWidth: 2, strokeLinecap: 'round', strokeLinejoin: 'round' } as const
