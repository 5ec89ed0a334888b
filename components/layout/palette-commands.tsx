'use client'
import {
  ArrowRight,
  ArrowUpFromLine,
  Boxes,
  Building2,
  CalendarPlus,
  Check,
  KeyRound,
  LayoutGrid,
  ListOrdered,
  LockKeyhole,
  LogOut,
  Monitor,
  Moon,
  OctagonPause,
  PackagePlus,
  Paperclip,
  ScrollText,
  SlidersHorizontal,
  Sun,
  Undo2,
  UserRound,
  UserRoundPlus,
  Webhook,
  type LucideIcon,
} from 'lucide-react'
import { leave } from '#components/layout/leave'
import { placeHref, places } from '#components/layout/navigation'
import { areReaders } from '#components/layout/reader'
import { settingsParts } from '#components/settings/settings-parts'
import { platformReasonOf, reasonOf } from '#components/tenant/use-tenant'
import { chooseTheme } from '#components/theme'
import type { Verb } from '#lib/access/permissions'
import type { MeView } from '#lib/access/session'

export interface PaletteCommand {
  group: 'Go to' | 'Do' | 'Settings' | 'Tenant' | 'Theme'
  label: string
  icon: LucideIcon
  act: () => void
  words?: string
  keys?: string
  /** Why it may not be done, and who can. */
  offReason?: string | undefined
}

/** Every act of a tenant: its verb in the permission table, and where it is done. */
const acts: readonly { label: string; icon: LucideIcon; verb: Verb; path: string; words: string }[] = [
  { label: 'Upload a JAR', icon: ArrowUpFromLine, verb: 'artifact.upload', path: '/releases/new', words: 'seal image release new artifact' },
  { label: 'Promote a release', icon: ArrowRight, verb: 'promotion.request', path: '', words: 'deploy request board' },
  { label: 'Approve or reject', icon: Check, verb: 'promotion.approve', path: '/approvals', words: 'inbox needs you promotion' },
  { label: 'Roll back', icon: Undo2, verb: 'rollback.request', path: '/rollback', words: 'last good release revert incident' },
  { label: 'Stop the line', icon: OctagonPause, verb: 'freeze.set', path: '/freezes?do=stop', words: 'halt incident freeze close' },
  { label: 'Plan a freeze', icon: CalendarPlus, verb: 'freeze.set', path: '/freezes?do=set', words: 'set new window weekly close' },
  { label: 'Edit configuration', icon: SlidersHorizontal, verb: 'overlay.edit', path: '/configuration', words: 'overlay variables flags' },
  { label: 'Set a secret', icon: LockKeyhole, verb: 'secret.write', path: '/configuration?view=secrets', words: 'password rotate replace' },
  { label: 'Attach evidence', icon: Paperclip, verb: 'evidence.attach', path: '/evidence', words: 'proof statement file checklist' },
  { label: 'Create an install kit', icon: PackagePlus, verb: 'kit.prepare', path: '/kits?do=create', words: 'new bundle runbook hand-off' },
  { label: 'Edit a policy', icon: ScrollText, verb: 'policy.edit', path: '/settings/policies', words: 'gates approvals rules' },
  { label: 'Invite somebody', icon: UserRoundPlus, verb: 'member.manage', path: '/settings/members?do=invite', words: 'member user add' },
  { label: 'Create an API token', icon: KeyRound, verb: 'token.manage', path: '/settings/tokens?do=create', words: 'secret ci new' },
  { label: 'Add a webhook', icon: Webhook, verb: 'webhook.manage', path: '/settings/webhooks?do=create', words: 'create new notify events' },
  {
    label: 'Create an application',
    icon: LayoutGrid,
    verb: 'environment.manage',
    path: '/settings/applications?do=create',
    words: 'new row component',
  },
  { label: 'Create an environment', icon: Boxes, verb: 'environment.manage', path: '/settings/environments?do=create', words: 'new custom column' },
]

/** What the palette offers: the nouns and verbs of the tenant, other tenants, and one's own matters. */
export function commandsFor(me: MeView, tenant: string | undefined, router: { push: (href: string) => void }): PaletteCommand[] {
  const go = (href: string) => () => router.push(href)
  const here = me.tenants.find(({ slug }) => slug === tenant)
  return [
    ...(here === undefined ? [] : tenantCommands(me, here, go)),
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
    ...(me.isPlatformAdmin
      ? [
          {
            group: 'Do' as const,
            label: 'Create a tenant',
            icon: Building2,
            act: go('/tenants?do=create'),
            words: 'new platform',
            offReason: platformReasonOf(me, 'tenant.create'),
          },
        ]
      : []),
    { group: 'Do', label: 'Sign out', icon: LogOut, act: () => void leave(), words: 'log out leave' },
  ]
}

function tenantCommands(me: MeView, { slug: tenant, roles }: MeView['tenants'][number], go: (href: string) => () => void): PaletteCommand[] {
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
    ...settingsParts.map(({ slug, label, icon, words }): PaletteCommand => ({
      group: 'Settings',
      label,
      icon,
      act: go(`/t/${tenant}/settings/${slug}`),
      words: `settings ${words}`,
    })),
    ...(areReaders(roles) ? [] : acts).map(({ label, icon, verb, path, words }): PaletteCommand => ({
      group: 'Do',
      label,
      icon,
      act: go(`/t/${tenant}${path}`),
      words,
      offReason: reasonOf(me, tenant, verb),
    })),
  ]
}

const groupOrder: readonly PaletteCommand['group'][] = ['Go to', 'Do', 'Settings', 'Tenant', 'Theme']

/**
 * What the words are of, grouped; the one whose label says them comes first, and its group with it. What may not be done is only found by
 * its words, and comes last.
 */
export function matching(commands: readonly PaletteCommand[], words: string): PaletteCommand[] {
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean)
  const found = commands.flatMap((command) => {
    const label = command.label.toLowerCase()
    if (parts.length === 0 && command.offReason !== undefined) return []
    const isMatch = parts.every((part) => label.includes(part) || (command.words ?? '').toLowerCase().includes(part))
    return isMatch ? [{ command, rank: (parts.every((part) => label.includes(part)) ? 0 : 1) + (command.offReason === undefined ? 0 : 2) }] : []
  })
  const best = (group: PaletteCommand['group']): number => Math.min(...found.filter(({ command }) => command.group === group).map(({ rank }) => rank))
  return groupOrder
    .filter((group) => found.some(({ command }) => command.group === group))
    .toSorted((left, right) => best(left) - best(right))
    .flatMap((group) => found.filter(({ command }) => command.group === group).toSorted((left, right) => left.rank - right.rank))
    .map(({ command }) => command)
}
