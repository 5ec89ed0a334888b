'use client'
import {
  cloneElement,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type CSSProperties,
  type FocusEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
} from 'react'
import { createPortal } from 'react-dom'

type Side = 'top' | 'bottom' | 'left' | 'right'

interface TooltipProps {
  words: ReactNode
  /** One element that can be focused. */
  children: ReactElement
  side?: Side
}

/** Words beside an element on hover and focus. They only add: what must be known stands on the page. */
export function Tooltip({ words, children, side = 'top' }: TooltipProps): ReactNode {
  const { anchor, show, hide } = useTip()
  return (
    <>
      {cloneElement(children, tipHandlers(children.props as TipHandlers<Element>, show, hide))}
      {anchor && (
        <TooltipPopup anchor={anchor} side={side} onClose={hide}>
          {words}
        </TooltipPopup>
      )}
    </>
  )
}

interface Tip {
  /** What the words stand beside, while they are shown. */
  anchor: Element | null
  show: (anchor: Element, afterMs?: number) => void
  hide: () => void
}

const delayMs = 350
/** Who reads one after the other waits only for the first. */
const warmMs = 400
let lastShownAt = Number.NEGATIVE_INFINITY

/** When words are shown: after a moment of hovering, at once on focus by the keyboard. */
export function useTip(): Tip {
  const [anchor, setAnchor] = useState<Element | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  return {
    anchor,
    show: (at, afterMs = performance.now() - lastShownAt < warmMs ? 0 : delayMs) => {
      clearTimeout(timer.current)
      if (afterMs === 0) setAnchor(at)
      else timer.current = setTimeout(() => setAnchor(at), afterMs)
    },
    hide: () => {
      clearTimeout(timer.current)
      if (anchor) lastShownAt = performance.now()
      setAnchor(null)
    },
  }
}

interface TipHandlers<E extends Element> {
  onPointerEnter?: ((event: PointerEvent<E>) => void) | undefined
  onPointerLeave?: ((event: PointerEvent<E>) => void) | undefined
  onPointerDown?: ((event: PointerEvent<E>) => void) | undefined
  onFocus?: ((event: FocusEvent<E>) => void) | undefined
  onBlur?: ((event: FocusEvent<E>) => void) | undefined
}

/** What an element listens to for its words, after what it listened to itself. */
export function tipHandlers<E extends Element>(own: TipHandlers<E>, show: Tip['show'], hide: Tip['hide'], staysOnPress = false): TipHandlers<E> {
  return {
    onPointerEnter: (event) => {
      own.onPointerEnter?.(event)
      if (event.pointerType === 'mouse') show(event.currentTarget)
    },
    onPointerLeave: (event) => {
      own.onPointerLeave?.(event)
      hide()
    },
    onPointerDown: (event) => {
      own.onPointerDown?.(event)
      if (!staysOnPress) hide()
    },
    onFocus: (event) => {
      own.onFocus?.(event)
      if (event.currentTarget.matches(':focus-visible')) show(event.currentTarget, 0)
    },
    onBlur: (event) => {
      own.onBlur?.(event)
      hide()
    },
  }
}

interface TooltipPopupProps {
  anchor: Element
  side?: Side
  onClose: () => void
  children: ReactNode
}

/** The words themselves, beside their anchor and inside the window. Escape takes them away, and scrolling, which moves the anchor. */
export function TooltipPopup({ anchor, side = 'top', onClose, children }: TooltipPopupProps): ReactNode {
  const popup = useRef<HTMLDivElement>(null)
  const [style, setStyle] = useState<CSSProperties>({ visibility: 'hidden' })
  useLayoutEffect(() => {
    if (popup.current) setStyle(placeBeside(anchor.getBoundingClientRect(), popup.current.getBoundingClientRect(), side))
  }, [anchor, side])
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onClose()
    }
    document.addEventListener('keydown', press)
    document.addEventListener('scroll', onClose, true)
    return () => {
      document.removeEventListener('keydown', press)
      document.removeEventListener('scroll', onClose, true)
    }
  })
  return createPortal(
    <div
      ref={popup}
      role="tooltip"
      style={style}
      className="pointer-events-none fixed top-0 left-0 z-50 max-w-72 rounded-2 border border-line-strong bg-raised px-2.5 py-1.5 text-sm text-ink shadow-raised"
    >
      {children}
    </div>,
    document.body,
  )
}

const gap = 6
const edge = 8
const opposite: Record<Side, Side> = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' }

/** On the side that was asked for, on the other one where there is no room, and never over the edge of the window. */
function placeBeside(anchor: DOMRect, popup: DOMRect, asked: Side): CSSProperties {
  const { clientWidth: width, clientHeight: height } = document.documentElement
  const room: Record<Side, number> = { top: anchor.top, bottom: height - anchor.bottom, left: anchor.left, right: width - anchor.right }
  const isAcross = asked === 'left' || asked === 'right'
  const needed = (isAcross ? popup.width : popup.height) + gap + edge
  const side = room[asked] < needed && room[opposite[asked]] > room[asked] ? opposite[asked] : asked
  const beside = {
    top: anchor.top - popup.height - gap,
    bottom: anchor.bottom + gap,
    left: anchor.left - popup.width - gap,
    right: anchor.right + gap,
  }
  const left = isAcross ? beside[side] : anchor.left + (anchor.width - popup.width) / 2
  const top = isAcross ? anchor.top + (anchor.height - popup.height) / 2 : beside[side]
  const within = (value: number, size: number, most: number): number => Math.max(edge, Math.min(value, most - size - edge))
  return { transform: `translate(${Math.round(within(left, popup.width, width))}px, ${Math.round(within(top, popup.height, height))}px)` }
}
