'use client'
import { clsx } from 'clsx'
import { Building2, ChevronsUpDown } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { AccountMenu } from '#components/layout/account-menu'
import { Brand } from '#components/layout/brand'
import { isAt, placeGroups, placeHref, type Place } from '#components/layout/navigation'
import { Menu, MenuLink, MenuSeparator } from '#components/ui/menu'
import type { MeView } from '#lib/access/session'

interface SidebarProps {
  me: MeView
  tenant: string | undefined
  /** Called when somebody goes somewhere: the drawer of a narrow screen closes. */
  onGo?: () => void
}

/** Brand, tenant, places, account: the left edge of a wide screen, the drawer of a narrow one. */
export function Sidebar({ me, tenant, onGo }: SidebarProps): ReactNode {
  return (
    <div className="flex min-h-full flex-col p-3">
      <Link
        href={tenant === undefined ? '/' : `/t/${tenant}`}
        {...(onGo ? { onClick: onGo } : {})}
        className="rounded-2 px-2 pt-1.5 pb-3.5 max-md:hidden"
      >
        <Brand />
      </Link>
      {tenant !== undefined && <TenantSwitcher me={me} tenant={tenant} />}
      {tenant !== undefined && (
        <nav aria-label="Main" className="grid gap-0.5">
          {placeGroups.map((group, index) => (
            <div key={group.label ?? index} className="grid gap-0.5">
              {group.label && <p className="px-2.5 pt-3.5 pb-1 text-xs font-[550] text-ink-3">{group.label}</p>}
              {group.places.map((place) => (
                <PlaceLink key={place.path} tenant={tenant} place={place} onGo={onGo} />
              ))}
            </div>
          ))}
        </nav>
      )}
      <div className="mt-auto pt-4">
        <AccountMenu me={me} />
      </div>
    </div>
  )
}

function PlaceLink({ tenant, place, onGo }: { tenant: string; place: Place; onGo: (() => void) | undefined }): ReactNode {
  const isHere = isAt(usePathname(), tenant, place)
  const Icon = place.icon
  return (
    <Link
      href={placeHref(tenant, place)}
      {...(onGo ? { onClick: onGo } : {})}
      aria-current={isHere ? 'page' : undefined}
      className={clsx(
        'flex h-8 items-center gap-2.5 rounded-2 px-2.5 transition-colors duration-(--quick)',
        isHere ? 'bg-surface font-[550] text-ink ring-1 ring-line ring-inset' : 'text-ink-2 hover:bg-off-soft hover:text-ink',
      )}
    >
      <Icon aria-hidden size={15} strokeWidth={1.8} className="shrink-0" />
      {place.label}
      {place.path === '/approvals' && <InboxCount tenant={tenant} />}
    </Link>
  )
}

function InboxCount({ tenant }: { tenant: string }): ReactNode {
  const count = useApi<{ count: number }>(tenantKey(tenant, 'promotion', 'inbox-count'), tenantPath(tenant, 'inbox', 'count')).data?.count ?? 0
  if (count === 0) return null
  return (
    <span className="ml-auto rounded-full bg-accent px-1.5 text-xs font-[600] text-accent-ink tabular-nums">
      {count}
      <span className="sr-only"> wait for you</span>
    </span>
  )
}

function TenantSwitcher({ me, tenant }: { me: MeView; tenant: string }): ReactNode {
  const here = me.tenants.find(({ slug }) => slug === tenant)
  const words = (
    <>
      <span className="line-clamp-2 min-w-0 flex-1 text-left leading-tight" title={here?.name}>
        {here?.name ?? tenant}
      </span>
      {here && <Tier tier={here.tier} />}
    </>
  )
  const box = 'mb-3 flex min-h-9 w-full items-center gap-2 rounded-2 border bg-surface px-2.5 py-1.5'
  const trigger = (
    <button type="button" className={clsx(box, 'transition-colors duration-(--quick) hover:border-line-strong')}>
      <span className="sr-only">Switch the tenant: </span>
      {words}
      <ChevronsUpDown aria-hidden size={13} className="shrink-0 text-ink-3" />
    </button>
  )
  return (
    <Menu trigger={trigger}>
      {me.tenants.map(({ slug, name, tier }) => (
        <MenuLink key={slug} href={`/t/${slug}`} aside={<Tier tier={tier} />}>
          {name}
        </MenuLink>
      ))}
      <MenuSeparator />
      <MenuLink href="/tenants" icon={Building2}>
        All tenants
      </MenuLink>
    </Menu>
  )
}

function Tier({ tier }: { tier: string }): ReactNode {
  return <span className="rounded-full bg-accent-soft px-1.5 text-xs font-[600] text-accent">{tier}</span>
}
