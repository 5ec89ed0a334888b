'use client'
import { Dialog as Base } from '@base-ui/react/dialog'
import { clsx } from 'clsx'
import { X } from 'lucide-react'
import { useRef, type ReactNode } from 'react'
import { backdropClass } from '#components/ui/dialog-popup'
import { IconButton } from '#components/ui/icon-button'

export interface DrawerProps {
  isOpen: boolean
  onClose: () => void
  title: ReactNode
  description?: ReactNode
  children: ReactNode
  foot?: ReactNode
  side?: 'left' | 'right'
  /** The children bring their own padding. */
  isFlush?: boolean
}

/** The drawer itself, for Drawer to open. */
export function DrawerPopup({ isOpen, onClose, title, description, children, foot, side = 'right', isFlush = false }: DrawerProps): ReactNode {
  // The drawer itself and not its close button, whose tooltip would take the first Escape.
  const popup = useRef<HTMLDivElement>(null)
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={backdropClass} />
        <Base.Popup
          ref={popup}
          initialFocus={popup}
          className={clsx(
            'fixed inset-y-0 z-40 flex w-full flex-col bg-surface shadow-raised outline-none transition-transform duration-(--calm) ease-calm',
            side === 'right'
              ? 'right-0 max-w-110 border-l data-ending-style:translate-x-full data-starting-style:translate-x-full'
              : 'left-0 max-w-70 border-r data-ending-style:-translate-x-full data-starting-style:-translate-x-full',
          )}
        >
          <header className="flex items-start gap-3 border-b py-3 pr-3 pl-5">
            <div className="min-w-0 flex-1">
              <Base.Title className="text-lg leading-7 font-[620] tracking-tight">{title}</Base.Title>
              {description && <Base.Description className="text-ink-2">{description}</Base.Description>}
            </div>
            <Base.Close render={<IconButton icon={X} label="Close" />} />
          </header>
          <div className={clsx('min-h-0 flex-1 overflow-y-auto', !isFlush && 'px-5 py-4')}>{children}</div>
          {foot && <footer className="flex flex-wrap items-center justify-end gap-2 border-t bg-sunken px-5 py-3">{foot}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
