import { clsx } from 'clsx'
import type { LucideIcon } from 'lucide-react'
import Link from 'next/link'
import type { ComponentProps, ReactNode } from 'react'
import { buttonClass, type ButtonSize, type ButtonTone } from '#components/ui/button-class'

interface LinkButtonProps extends ComponentProps<typeof Link> {
  tone?: ButtonTone
  size?: ButtonSize
  icon?: LucideIcon
}

/** An address that looks like a button: it goes somewhere, it does nothing. */
export function LinkButton({ tone, size = 'md', icon: Icon, className, children, ...rest }: LinkButtonProps): ReactNode {
  return (
    <Link {...rest} className={clsx(buttonClass(tone, size), className)}>
      {Icon && <Icon aria-hidden size={size === 'sm' ? 13 : 15} />}
      {children}
    </Link>
  )
}
