'use client'
import {
  ArrowUpFromLine,
  Building2,
  LogOut,
  Moon,
  Monitor,
  OctagonPause,
  Sun,
  UserRound,
  UserRoundPlus,
  KeyRound,
  ListOrdered,
  Undo2,
  type LucideIcon,
} from 'lucide-react'
import { placeHref, places } from '#components/layout/navigation'
import { areReaders } from '#components/layout/reader'
import { leave } from '#components/layout/leave'
import { chooseTheme } from '#components/theme'
import type { MeView } from '#lib/access/session'

export interface PaletteCommand {
  group: 'Go to' | 'Do' | 'Tenant' | 'Theme'
  label: string
  icon: LucideIcon
  act: () => void
  words?: string
  keys?: string
}

/** What the palette offers: the nouns and verbs of the tenant, other tenants, and one's own matters. */
export function commandsFor(me: MeView, tenant: string | undefined, router: { push: (href: string) => void }): PaletteCommand[] {
  const go = (href: string) => () => router.push(href)
  const here = me.tenants.find(({ slug }) => slug === tenant)
  return [
    ...(here === undefined ? [] : tenantCommands(here, go)),
    { group: 'Go to', label: 'Tenants', icon: Building2, act: go('/tenants'), words: 'all switch create platform', keys: 'g t' },
    { group: 'Go to', label: 'Account', icon: UserRound, act: go('/account'), words: 'password sessions profile', keys: 'g u' },
    ...me.tenants
      .filter(({ slug }) => slug !== tenant)
      .map(({ slug, name }): PaletteCommand => ({
        group: 'Tenant',
        label: name,
        icon: Building2,
        act: go(`/t/${slug}`),
        words: `${slug} switch tenant`,
      })),
    { group: 'Theme', label: 'Dark theme', icon: Moon, act: () => chooseTheme('dark'), words: 'night' },
    { group: 'Theme', label: 'Light theme', icon: Sun, act: () => chooseTheme('light'), words: 'day' },
    { group: 'Theme', label: 'Theme of the system', icon: Monitor, act: () => chooseTheme('system'), words: 'auto' },
    { group: 'Do', label: 'Sign out', icon: LogOut, act: () => void leave(), words: 'log out leave' },
  ]
}

function tenantCommands({ slug: tenant, roles }: MeView['tenants'][number], go: (href: string) => () => void): PaletteCommand[] {
  const verb = (label: string, icon: LucideIcon, path: string, words: string): PaletteCommand => ({
    group: 'Do',
    label,
    icon,
    act: go(`/t/${tenant}${path}`),
    words,
  })
  return [
    ...places.map((place): PaletteCommand => ({
      group: 'Go to',
      label: place.label,
      icon: place.icon,
      act: go(placeHref(tenant, place)),
      words: place.words,
      keys: `g ${place.key}`,
    })),
    { group: 'Go to', label: 'Promotions', icon: ListOrdered, act: go(`/t/${tenant}/promotions`), words: 'requests history deployments' },
    ...(areReaders(roles)
      ? []
      : [
          verb('Upload a JAR', ArrowUpFromLine, '/releases/new', 'seal image release new'),
          verb('Roll back', Undo2, '/rollback', 'last good release revert incident'),
          verb('Set a freeze or stop the line', OctagonPause, '/freezes?do=set', 'halt window'),
          verb('Invite somebody', UserRoundPlus, '/settings/members?do=invite', 'member user add'),
          verb('Create an API token', KeyRound, '/settings/tokens?do=create', 'secret ci'),
        ]),
  ]
}

const groupOrder: readonly PaletteCommand['group'][] = ['Go to', 'Do', 'Tenant', 'Theme']

/** What the words are of, grouped; the one whose label says them comes first, and its group with it. */
export function matching(commands: readonly PaletteCommand[], words: string): PaletteCommand[] {
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean)
  const found = commands.flatMap((command) => {
    const label = command.label.toLowerCase()
    const isMatch = parts.every((part) => label.includes(part) || (command.words ?? '').toLowerCase().includes(part))
    return isMatch ? [{ command, rank: parts.every((part) => label.includes(part)) ? 0 : 1 }] : []
  })
  const best = (group: PaletteCommand['group']): number => Math.min(...found.filter(({ command }) => command.group === group).map(({ rank }) => rank))
  return groupOrder
    .filter((group) => found.some(({ command }) => command.group === group))
    .toSorted((left, right) => best(left) - best(right))
    .flatMap((group) => found.filter(({ command }) => command.group === group).toSorted((left, right) => left.rank - right.rank))
    .map(({ command }) => command)
}
