'use client'
import { Dialog as Base } from '@base-ui/react/dialog'
import { clsx } from 'clsx'
import { X } from 'lucide-react'
import { useRef, type ReactNode } from 'react'
import { IconButton } from '#components/ui/icon-button'

export interface DialogProps {
  isOpen: boolean
  onClose: () => void
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
  /** Buttons at the foot, the one that acts last. */
  foot?: ReactNode
  /** `sheet` is the promotion sheet's 1080 px; it fills a narrow screen. */
  size?: 'sm' | 'md' | 'lg' | 'sheet'
  /** Beside the title: facts of the whole. */
  aside?: ReactNode
  /** The children bring their own padding and hairlines. */
  isFlush?: boolean
  /** It shows what is shown once: neither Escape nor the ground takes it away, only a button that says so. */
  isKept?: boolean
}

const widths = { sm: 'max-w-105', md: 'max-w-140', lg: 'max-w-200', sheet: 'max-w-270' }
export const backdropClass =
  'fixed inset-0 z-40 bg-scrim transition-opacity duration-(--calm) data-ending-style:opacity-0 data-starting-style:opacity-0'

/** The dialog itself, for Dialog to open. */
export function DialogPopup({
  isOpen,
  onClose,
  title,
  description,
  children,
  foot,
  size = 'md',
  aside,
  isFlush = false,
  isKept = false,
}: DialogProps): ReactNode {
  const content = useRef<HTMLDivElement>(null)
  const popup = useRef<HTMLDivElement>(null)
  // Where there is something to fill in, that is where one begins; else with the dialog itself. The close button is never the
  // point, and its tooltip would take the first Escape.
  const firstField = (): HTMLElement | true =>
    (size === 'sheet' ? null : content.current?.querySelector<HTMLElement>('input, textarea, select')) ?? popup.current ?? true
  return (
    <Base.Root open={isOpen} onOpenChange={(isOpening, { reason }) => !isOpening && !(isKept && reason !== 'close-press') && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={backdropClass} />
        <Base.Viewport className="fixed inset-0 z-40 grid place-items-center overflow-y-auto p-2 sm:p-6">
          <Base.Popup
            ref={popup}
            initialFocus={firstField}
            className={clsx(
              'flex max-h-[calc(100dvh-16px)] w-full flex-col overflow-hidden rounded-3 border bg-surface shadow-raised outline-none transition duration-(--calm) ease-calm sm:max-h-[calc(100dvh-48px)] data-ending-style:translate-y-1 data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0',
              widths[size],
            )}
          >
            <header className="flex items-start gap-4 border-b py-3.5 pr-3 pl-5">
              <div className="min-w-0 flex-1">
                <Base.Title className={clsx('font-[620] tracking-tight', size === 'sheet' ? 'text-xl' : 'text-lg leading-7')}>{title}</Base.Title>
                {description && <Base.Description className="mt-0.5 text-ink-2">{description}</Base.Description>}
              </div>
              {aside}
              <Base.Close render={<IconButton icon={X} label="Close" />} />
            </header>
            <div ref={content} className={clsx('min-h-0 flex-1 overflow-y-auto', !isFlush && 'px-5 py-4')}>
              {children}
            </div>
            {foot && <footer className="flex flex-wrap items-center justify-end gap-2 border-t bg-sunken px-5 py-3">{foot}</footer>}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
