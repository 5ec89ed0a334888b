import {
  Activity,
  Boxes,
  CalendarX2,
  Check,
  ClipboardCheck,
  Columns3,
  FileText,
  Layers,
  Package,
  PackageCheck,
  Scale,
  Settings2,
  SlidersHorizontal,
  type LucideIcon,
} from 'lucide-react'

export interface Place {
  label: string
  /** After `/t/{tenant}`; '' is the board. */
  path: string
  icon: LucideIcon
  /** Pressed after `g`. */
  key: string
  /** Other words that people look for it by. */
  words: string
}

export interface PlaceGroup {
  label?: string
  places: readonly Place[]
}

/** The nouns of a tenant, in the order of the sidebar; the palette and the keys read the same table. */
export const placeGroups: readonly PlaceGroup[] = [
  {
    places: [
      { label: 'Board', path: '', icon: Columns3, key: 'b', words: 'home pipeline applications' },
      { label: 'Approvals', path: '/approvals', icon: Check, key: 'a', words: 'inbox requests promotions' },
      { label: 'Releases', path: '/releases', icon: Layers, key: 'r', words: 'versions artifacts jar upload' },
      {
        label: 'Configuration',
        path: '/configuration',
        icon: SlidersHorizontal,
        key: 'c',
        words: 'overlay variables flags jvm files secrets matrix revisions',
      },
      { label: 'Environments', path: '/environments', icon: Boxes, key: 'e', words: 'history timeline what ran' },
      {
        label: 'Readiness',
        path: '/readiness',
        icon: Activity,
        key: 'h',
        words: 'health drift uptime components replicas probes unknown digest',
      },
    ],
  },
  {
    label: 'Proof',
    places: [
      { label: 'Evidence', path: '/evidence', icon: ClipboardCheck, key: 'v', words: 'checklist sign-off owner proof smoke readiness backup drill' },
      { label: 'Install kits', path: '/kits', icon: PackageCheck, key: 'k', words: 'kit hand-off runbook stages bundle download platform team' },
      { label: 'Audit log', path: '/audit', icon: FileText, key: 'l', words: 'entries chain verify checkpoint export' },
      { label: 'Auditor’s desk', path: '/desk', icon: Scale, key: 'd', words: 'exceptions duties dossier production changes period' },
    ],
  },
  {
    label: 'Workspace',
    places: [
      { label: 'Registry', path: '/registry', icon: Package, key: 'i', words: 'images repositories tags docker pull quota' },
      { label: 'Freezes', path: '/freezes', icon: CalendarX2, key: 'f', words: 'windows stop the line' },
      { label: 'Settings', path: '/settings', icon: Settings2, key: 's', words: 'administration people rules' },
    ],
  },
]

export const places: readonly Place[] = placeGroups.flatMap((group) => group.places)

export function placeHref(tenant: string, place: Pick<Place, 'path'>): string {
  return `/t/${encodeURIComponent(tenant)}${place.path}`
}

/** Whether a place holds the page that is open: the board only itself, the others all below them. */
export function isAt(pathname: string, tenant: string, place: Pick<Place, 'path'>): boolean {
  const href = placeHref(tenant, place)
  return pathname === href || (place.path !== '' && pathname.startsWith(`${href}/`))
}
