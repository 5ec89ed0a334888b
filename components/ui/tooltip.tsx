'use client'
import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'

interface TooltipProps {
  words: ReactNode
  /** One element that can be focused. */
  children: ReactElement
  side?: 'top' | 'bottom' | 'left' | 'right'
}

/** Words beside an element on hover and focus. They only add: what must be known stands on the page. */
export function Tooltip({ words, children, side = 'top' }: TooltipProps): ReactNode {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <TooltipPopup side={side}>{words}</TooltipPopup>
    </Base.Root>
  )
}

export function TooltipPopup({ children, side = 'top' }: { children: ReactNode; side?: TooltipProps['side'] }): ReactNode {
  return (
    <Base.Portal>
      <Base.Positioner side={side ?? 'top'} sideOffset={6} collisionPadding={8} className="z-50">
        <Base.Popup className="max-w-72 rounded-2 border border-line-strong bg-raised px-2.5 py-1.5 text-sm text-ink shadow-raised transition-opacity duration-(--quick) data-ending-style:opacity-0 data-starting-style:opacity-0">
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  )
}
