'use client'
import { clsx } from 'clsx'
import { LoaderCircle, type LucideIcon } from 'lucide-react'
import { useId, type ComponentProps, type MouseEvent, type ReactNode } from 'react'
import { buttonClass, type ButtonSize, type ButtonTone } from '#components/ui/button-class'
import { Sentence } from '#components/ui/sentence'
import { tipHandlers, TooltipPopup, useTip } from '#components/ui/tooltip'

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  tone?: ButtonTone | undefined
  size?: ButtonSize | undefined
  icon?: LucideIcon | undefined
  /** Why it may not be used, and who can. It stays focusable and says so; nothing happens on press. */
  disabledReason?: string | null | undefined
  /** Work is under way: a second press does nothing. */
  busy?: boolean | undefined
}

/** The one button. A control that may not be used says why instead of vanishing. */
export function Button({ tone, size = 'md', icon, disabledReason, busy = false, className, children, onClick, ...rest }: ButtonProps): ReactNode {
  const reasonId = useId()
  const { anchor, show, hide } = useTip()
  const reason = disabledReason ?? ''
  const press = (event: MouseEvent<HTMLButtonElement>): void => {
    if (!reason && !busy) return onClick?.(event)
    event.preventDefault()
    if (reason) show(event.currentTarget, 0)
  }
  const Icon = busy ? LoaderCircle : icon
  const button = (
    <button
      type="button"
      {...rest}
      {...(reason ? tipHandlers(rest, show, hide, true) : {})}
      onClick={press}
      aria-disabled={reason !== '' || busy || undefined}
      aria-busy={busy || undefined}
      aria-describedby={reason ? reasonId : rest['aria-describedby']}
      className={clsx(buttonClass(tone, size, reason !== ''), className)}
    >
      {Icon && <Icon aria-hidden size={size === 'sm' ? 13 : 15} className={busy ? 'animate-spin' : undefined} />}
      {children}
    </button>
  )
  if (!reason) return button
  return (
    <>
      {button}
      {anchor && (
        <TooltipPopup anchor={anchor} onClose={hide}>
          <Sentence words={reason} />
        </TooltipPopup>
      )}
      <span id={reasonId} className="sr-only">
        <Sentence words={reason} />
      </span>
    </>
  )
}
