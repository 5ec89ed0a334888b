'use client'
import type { ReactNode } from 'react'
import { PlaceConfiguration } from '#components/configuration/place-configuration'
import { EmptyState } from '#components/ui/empty-state'
import { LinkButton } from '#components/ui/link-button'
import { Select } from '#components/ui/select'

interface ConfigurationProps {
  tenant: string
  environment: string
  /** '' while none is chosen. */
  application: string
  applications: readonly string[]
  onChoose: (application: string) => void
}

/** What differs between environments for one application; revisions, matrix and secrets are on its own page. */
export function Configuration({ tenant, environment, application, applications, onChoose }: ConfigurationProps): ReactNode {
  if (application === '') {
    if (applications.length === 0) return <EmptyState title="There is no application yet">Configuration is kept for each of them.</EmptyState>
    const options = [{ value: '', label: 'Choose one' }, ...applications.map((value) => ({ value, label: value }))]
    return (
      <div className="max-w-72">
        <Select label="Configuration of which application?" value="" options={options} onChange={onChoose} />
      </div>
    )
  }
  const more = `/t/${tenant}/configuration?${new URLSearchParams({ app: application, env: environment })}`
  return (
    <div className="grid gap-4">
      <PlaceConfiguration key={application} tenant={tenant} application={application} environment={environment} />
      <div className="flex flex-wrap gap-2">
        <LinkButton href={`${more}&view=revisions`}>Revisions</LinkButton>
        <LinkButton href={`${more}&view=matrix`}>Across environments</LinkButton>
        <LinkButton href={`${more}&view=secrets`}>Secrets</LinkButton>
      </div>
    </div>
  )
}
