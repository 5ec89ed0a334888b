'use client'
import { Menu as Base } from '@base-ui/react/menu'
import { clsx } from 'clsx'
import { Check, type LucideIcon } from 'lucide-react'
import Link from 'next/link'
import type { ComponentType, ReactElement, ReactNode } from 'react'

export interface MenuProps {
  /** The element that opens it; gets the attributes of a menu button. */
  trigger: ReactElement
  /** MenuItem, MenuLink, MenuChoice, MenuSeparator. */
  children: ReactNode
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'bottom'
}

export interface MenuItemProps {
  children: ReactNode
  onSelect: () => void
  icon?: LucideIcon
  isDanger?: boolean
  /** Shown under the words; the item does nothing. */
  disabledReason?: string | undefined
}

export interface MenuLinkProps {
  href: string
  children: ReactNode
  icon?: LucideIcon
  aside?: ReactNode
}

export interface MenuChoiceProps<V extends string> {
  label: string
  value: V
  options: readonly { value: V; label: string }[]
  onChange: (value: V) => void
}

/** What a menu is made of; its code comes when somebody comes near the first menu. */
export interface MenuParts {
  OpenMenu: ComponentType<MenuProps>
  Item: ComponentType<MenuItemProps>
  LinkItem: ComponentType<MenuLinkProps>
  Choice: <V extends string>(props: MenuChoiceProps<V>) => ReactNode
  Separator: ComponentType
}

/** Whoever loaded it wanted it open. */
function OpenMenu({ trigger, children, align = 'start', side = 'bottom' }: MenuProps): ReactNode {
  return (
    <Base.Root defaultOpen>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={4} collisionPadding={8} className="z-50">
          <Base.Popup className="max-h-[min(60dvh,480px)] min-w-48 overflow-y-auto rounded-2 border border-line-strong bg-raised p-1 shadow-raised transition-opacity duration-(--quick) data-ending-style:opacity-0 data-starting-style:opacity-0">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

const itemClass =
  'flex w-full items-center gap-2 rounded-1 px-2 py-1.5 text-left outline-none select-none data-highlighted:bg-accent-soft data-disabled:text-ink-3'

function Item({ children, onSelect, icon: Icon, isDanger = false, disabledReason }: MenuItemProps): ReactNode {
  return (
    <Base.Item disabled={disabledReason !== undefined} onClick={onSelect} className={clsx(itemClass, isDanger && 'text-bad')}>
      {Icon && <Icon aria-hidden size={14} className="shrink-0" />}
      <span>
        {children}
        {disabledReason && <span className="block text-sm text-ink-3">{disabledReason}</span>}
      </span>
    </Base.Item>
  )
}

function LinkItem({ href, children, icon: Icon, aside }: MenuLinkProps): ReactNode {
  return (
    <Base.LinkItem closeOnClick render={<Link href={href} />} className={itemClass}>
      {Icon && <Icon aria-hidden size={14} className="shrink-0" />}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {aside}
    </Base.LinkItem>
  )
}

function Choice<V extends string>({ label, value, options, onChange }: MenuChoiceProps<V>): ReactNode {
  return (
    <Base.RadioGroup value={value} onValueChange={(next: V) => onChange(next)} aria-label={label}>
      <Base.Group>
        <Base.GroupLabel className="px-2 pt-1.5 pb-0.5 text-sm text-ink-3">{label}</Base.GroupLabel>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className={itemClass}>
            <span className="grid size-3.5 place-items-center">
              <Base.RadioItemIndicator>
                <Check aria-hidden size={13} />
              </Base.RadioItemIndicator>
            </span>
            {option.label}
          </Base.RadioItem>
        ))}
      </Base.Group>
    </Base.RadioGroup>
  )
}

function Separator(): ReactNode {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />
}

export const menuParts: MenuParts = { OpenMenu, Item, LinkItem, Choice, Separator }
