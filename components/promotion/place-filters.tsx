'use client'
import type { ReactNode } from 'react'
import { usePlaces } from '#components/promotion/use-places'
import { Select } from '#components/ui/select'

interface PlaceFiltersProps {
  tenant: string
  /** Slugs; '' means every one. */
  app: string
  env: string
  onChange: (change: { app?: string | null; env?: string | null }) => void
  /** The words of the first option; "Every application" when absent. */
  any?: { app: string; env: string }
}

/** An application and an environment of the tenant. */
export function PlaceFilters({
  tenant,
  app,
  env,
  onChange,
  any = { app: 'Every application', env: 'Every environment' },
}: PlaceFiltersProps): ReactNode {
  const { applications, environments } = usePlaces(tenant)
  return (
    <>
      <Select
        label="Application"
        value={app}
        options={optionsOf(any.app, applications, app)}
        onChange={(value) => onChange({ app: value || null })}
      />
      <Select
        label="Environment"
        value={env}
        options={optionsOf(any.env, environments, env)}
        onChange={(value) => onChange({ env: value || null })}
      />
    </>
  )
}

/** What is chosen is an option even before the list is there. */
function optionsOf(first: string, slugs: readonly string[], chosen: string) {
  const all = chosen === '' || slugs.includes(chosen) ? slugs : [chosen, ...slugs]
  return [{ value: '', label: first }, ...all.map((slug) => ({ value: slug, label: slug }))]
}
