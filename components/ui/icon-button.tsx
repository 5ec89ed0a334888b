'use client'
import { clsx } from 'clsx'
import type { LucideIcon } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { Tooltip } from '#components/ui/tooltip'

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'aria-label'> {
  icon: LucideIcon
  /** What it does, in words: its name and its tooltip. */
  label: string
  iconSize?: number
}

/** A button that is only an icon, for what is known from everywhere: close, copy, more. 28 px, a target of WCAG 2.2 (2.5.8). */
export function IconButton({ icon: Icon, label, iconSize = 15, className, ...rest }: IconButtonProps): ReactNode {
  return (
    <Tooltip words={label}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={clsx(
          'inline-grid size-7 shrink-0 place-items-center rounded-2 text-ink-3 transition-colors duration-(--quick) hover:bg-off-soft hover:text-ink',
          className,
        )}
      >
        <Icon aria-hidden size={iconSize} />
      </button>
    </Tooltip>
  )
}
