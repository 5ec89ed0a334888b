import { Archive, Boxes, Building2, KeyRound, LayoutGrid, ScrollText, Stethoscope, UsersRound, Webhook, type LucideIcon } from 'lucide-react'

interface SettingsPart {
  /** After `/t/{tenant}/settings/`. */
  slug: string
  label: string
  icon: LucideIcon
  /** Other words that people look for it by. */
  words: string
}

/** The parts of the settings in their order; the palette reads the same table. */
export const settingsParts: readonly SettingsPart[] = [
  { slug: 'members', label: 'Members', icon: UsersRound, words: 'people roles users invitations access' },
  { slug: 'tokens', label: 'Tokens', icon: KeyRound, words: 'api ci machine secret revoke' },
  { slug: 'environments', label: 'Environments', icon: Boxes, words: 'custom rank upstream protected columns' },
  { slug: 'policies', label: 'Policies', icon: ScrollText, words: 'gates approvals rules soak four eyes' },
  { slug: 'applications', label: 'Applications', icon: LayoutGrid, words: 'components spec probe rows' },
  { slug: 'webhooks', label: 'Webhooks', icon: Webhook, words: 'notifications events deliveries' },
  { slug: 'backups', label: 'Backups', icon: Archive, words: 'restore drill' },
  { slug: 'diagnostics', label: 'Diagnostics', icon: Stethoscope, words: 'health doctor troubleshoot status disk worker jobs versions' },
  { slug: 'tenant', label: 'Tenant', icon: Building2, words: 'tier usage caps name suspend' },
]
