'use client'
import { cloneElement, createContext, use, useState, type KeyboardEvent, type ReactNode } from 'react'
import type { MenuChoiceProps, MenuItemProps, MenuLinkProps, MenuParts, MenuProps } from '#components/ui/menu-parts'

const PartsContext = createContext<MenuParts | null>(null)
let loading: Promise<MenuParts> | undefined

function loadParts(): Promise<MenuParts> {
  loading ??= import('#components/ui/menu-parts').then(
    ({ menuParts }) => menuParts,
    (error: unknown) => {
      loading = undefined
      throw error
    },
  )
  return loading
}

interface TriggerProps {
  onClick?: (event: unknown) => void
}

/** A button with a menu. Until it is first opened it is the button alone. */
export function Menu(props: MenuProps): ReactNode {
  const [parts, setParts] = useState<MenuParts | null>(null)
  if (parts) {
    return (
      <PartsContext value={parts}>
        <parts.OpenMenu {...props} />
      </PartsContext>
    )
  }
  const own = props.trigger.props as TriggerProps
  const prepare = (): void => void loadParts().catch(() => {})
  const open = (): void => void loadParts().then(setParts, () => {})
  const handlers = {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onPointerEnter: prepare,
    onFocus: prepare,
    onClick: (event: unknown) => {
      own.onClick?.(event)
      open()
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
      event.preventDefault()
      open()
    },
  }
  return cloneElement(props.trigger, handlers as object)
}

function useParts(): MenuParts {
  const parts = use(PartsContext)
  if (!parts) throw new Error('an item outside a menu')
  return parts
}

export function MenuItem(props: MenuItemProps): ReactNode {
  const { Item } = useParts()
  return <Item {...props} />
}

export function MenuLink(props: MenuLinkProps): ReactNode {
  const { LinkItem } = useParts()
  return <LinkItem {...props} />
}

/** One of a few, the chosen one ticked. */
export function MenuChoice<V extends string>(props: MenuChoiceProps<V>): ReactNode {
  const { Choice } = useParts()
  return <Choice {...props} />
}

export function MenuSeparator(): ReactNode {
  const { Separator } = useParts()
  return <Separator />
}
