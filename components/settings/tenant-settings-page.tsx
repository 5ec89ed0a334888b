'use client'
import dynamic from 'next/dynamic'
import { useState, type ReactNode } from 'react'
import { RenameForm } from '#components/settings/rename-form'
import { TenantUsage } from '#components/settings/tenant-usage'
import { TenantStanding } from '#components/tenant/tenant-standing'
import { usePlatformReason, useReason, useTenant } from '#components/tenant/use-tenant'
import { Button } from '#components/ui/button'
import { CopyLine } from '#components/ui/copy-line'
import { ProblemNotice } from '#components/ui/problem-notice'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { SkeletonRows } from '#components/ui/skeleton'

// Their code comes when they are opened.
const RetierDialog = dynamic(async () => (await import('#components/tenant/retier-dialog')).RetierDialog, { ssr: false })
const SuspensionDialog = dynamic(async () => (await import('#components/tenant/suspension-dialog')).SuspensionDialog, { ssr: false })

/** The tenant itself: name, tier with what of it is used, and what only a platform admin changes. */
export function TenantSettingsPage({ tenant }: { tenant: string }): ReactNode {
  const [open, setOpen] = useState<'tier' | 'suspension'>()
  const reason = useReason(tenant)('tenant.settings')
  const platform = usePlatformReason()
  const view = useTenant(tenant)
  if (view.error) return <ProblemNotice problem={view.error} title="The tenant could not be read" />
  if (!view.data) return <SkeletonRows label="Loading the tenant" />
  const { slug, createdAt, isSuspended } = view.data
  return (
    <div className="grid gap-6">
      <Section title="Name" isBoxed>
        <RenameForm key={view.data.name} tenant={view.data} reason={reason} />
        <p className="mt-3 flex flex-wrap gap-x-4 text-ink-2">
          <span>
            Slug <span className="font-mono">{slug}</span>
          </span>
          <span>
            Created <RelativeTime at={createdAt} />
          </span>
          <TenantStanding isSuspended={isSuspended} />
        </p>
      </Section>
      <TenantUsage
        tenant={view.data}
        action={
          <Button size="sm" disabledReason={platform('tenant.retier')} onClick={() => setOpen('tier')}>
            Change the tier
          </Button>
        }
      />
      <Section title={isSuspended ? 'Resume' : 'Suspend'} isBoxed>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="max-w-prose text-ink-2">
            {isSuspended
              ? 'Nothing changes here until it is resumed. What runs goes on running.'
              : 'Closes the tenant to every change. It can still be read, what runs goes on running, and it can be resumed.'}
          </p>
          <Button tone={isSuspended ? 'secondary' : 'danger'} disabledReason={platform('tenant.suspend')} onClick={() => setOpen('suspension')}>
            {isSuspended ? `Resume ${slug}` : `Suspend ${slug}`}
          </Button>
        </div>
      </Section>
      <CopyLine line={`caisson api GET /tenants/${slug}`} />
      {open === 'tier' && <RetierDialog tenant={view.data} onClose={() => setOpen(undefined)} />}
      {open === 'suspension' && <SuspensionDialog tenant={view.data} onClose={() => setOpen(undefined)} />}
    </div>
  )
}
