'use client'
import { ChevronsUpDown, LogOut, UserRound } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { leave } from '#components/layout/leave'
import { chooseTheme, currentTheme, type Theme } from '#components/theme'
import { Menu, MenuChoice, MenuItem, MenuLink, MenuSeparator } from '#components/ui/menu'
import type { MeView } from '#lib/access/session'

export const themeChoices: readonly { value: Theme; label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

/** Who is signed in, their account, the theme, and the way out. */
export function AccountMenu({ me }: { me: MeView }): ReactNode {
  const trigger = (
    <button
      type="button"
      className="flex w-full items-center gap-2.5 rounded-2 px-2 py-1.5 text-left transition-colors duration-(--quick) hover:bg-off-soft"
    >
      <span aria-hidden className="grid size-6 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-[600] text-accent">
        {[...me.name][0]?.toUpperCase()}
      </span>
      <span className="min-w-0 flex-1 leading-tight">
        <span className="sr-only">Account of </span>
        <span className="block truncate font-[550]">{me.name}</span>
        <span className="block truncate text-xs text-ink-3">{me.email}</span>
      </span>
      <ChevronsUpDown aria-hidden size={13} className="shrink-0 text-ink-3" />
    </button>
  )
  return (
    <Menu trigger={trigger} side="top">
      <MenuLink href="/account" icon={UserRound}>
        Account
      </MenuLink>
      <MenuSeparator />
      <ThemeChoice />
      <MenuSeparator />
      <MenuItem icon={LogOut} onSelect={() => void leave()}>
        Sign out
      </MenuItem>
    </Menu>
  )
}

/** Rendered only while the menu is open, so it reads the page as it is. */
function ThemeChoice(): ReactNode {
  const [theme, setTheme] = useState(currentTheme)
  const choose = (next: Theme): void => {
    chooseTheme(next)
    setTheme(next)
  }
  return <MenuChoice label="Theme" value={theme} options={themeChoices} onChange={choose} />
}
