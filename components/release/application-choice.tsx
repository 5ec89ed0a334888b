'use client'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { Banner } from '#components/ui/banner'
import { Select } from '#components/ui/select'
import { TextField } from '#components/ui/text-field'
import type { ApplicationView } from '#lib/tenants/application'
import type { TenantView } from '#lib/tenants/tenant'

/** No slug can begin with a colon. */
export const newApplication = ':new'

interface ApplicationChoiceProps {
  tenant: string
  applications: readonly ApplicationView[]
  value: string
  onChange: (value: string) => void
  /** Of the new one. */
  slug: string
  onSlug: (slug: string) => void
  error: string | undefined
}

/** One of the applications, or a new one where the caller may make it; else it says who can. */
export function ApplicationChoice(props: ApplicationChoiceProps): ReactNode {
  const { tenant, applications, value, onChange, slug, onSlug, error } = props
  const facts = useApi<TenantView>(tenantKey(tenant, 'settings', 'tenant'), tenantPath(tenant))
  const mayCreate = facts.data?.acts.createApplication
  const denied = mayCreate && !mayCreate.allowed ? mayCreate : undefined
  if (applications.length === 0 && denied) {
    return (
      <Banner tone="wait" title="There is no application yet">
        {denied.reason} {denied.fix}
      </Banner>
    )
  }
  const options = [
    ...applications.map((one) => ({ value: one.slug, label: one.name.toLowerCase() === one.slug ? one.slug : `${one.slug} (${one.name})` })),
    { value: newApplication, label: 'A new application', ...(denied ? { disabledReason: denied.reason } : {}) },
  ]
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Select label="Application" value={value} options={options} onChange={onChange} />
      {value === newApplication && (
        <TextField
          label="Name of the new application"
          hint="a-z, 0-9 and -; it never changes."
          isMono
          autoComplete="off"
          spellCheck={false}
          value={slug}
          onChange={(event) => onSlug(event.target.value.toLowerCase())}
          error={error ?? denied?.reason}
        />
      )}
    </div>
  )
}
