'use client'
import { clsx } from 'clsx'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { settingsParts } from '#components/settings/settings-parts'
import { useTenant } from '#components/tenant/use-tenant'
import { PageHeader } from '#components/ui/page-header'

/** On a narrow screen the parts scroll sideways: the open one is never out of sight. */
function intoView(link: HTMLElement | null): void {
  const row = link?.parentElement
  if (link && row) row.scrollLeft = link.offsetLeft - (row.clientWidth - link.offsetWidth) / 2
}

/** Title and parts of the settings; every part has its own address. */
export function SettingsFrame({ tenant, children }: { tenant: string; children: ReactNode }): ReactNode {
  const path = usePathname()
  const { data, dataUpdatedAt } = useTenant(tenant)
  return (
    <>
      <PageHeader title="Settings" at={dataUpdatedAt}>
        {data
          ? `Who works in ${data.name}, what may happen in it, and how much of its tier is used.`
          : 'Who works here, what may happen, and how much of the tier is used.'}
      </PageHeader>
      <nav aria-label="Settings" className="relative mb-5 flex gap-4 overflow-x-auto border-b">
        {settingsParts.map(({ slug, label }) => {
          const href = `/t/${tenant}/settings/${slug}`
          const isHere = path === href
          return (
            <Link
              key={slug}
              href={href}
              aria-current={isHere ? 'page' : undefined}
              ref={isHere ? intoView : undefined}
              className={clsx(
                '-mb-px border-b-2 py-2 whitespace-nowrap transition-colors duration-(--quick) focus-visible:-outline-offset-2',
                isHere ? 'border-accent font-[550] text-ink' : 'border-transparent text-ink-2 hover:text-ink',
              )}
            >
              {label}
            </Link>
          )
        })}
      </nav>
      {children}
    </>
  )
}
