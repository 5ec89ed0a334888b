'use client'
import { parseAsInteger, useQueryState } from 'nuqs'
import type { ReactNode } from 'react'
import { ConfigEditor } from '#components/environment/config-editor'
import { RevisionList } from '#components/environment/revision-list'
import { ForActors } from '#components/layout/reader'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { sheetHref } from '#components/release/sheet-link'
import { Banner } from '#components/ui/banner'
import { EmptyState } from '#components/ui/empty-state'
import { LinkButton } from '#components/ui/link-button'
import { Loaded } from '#components/ui/loaded'
import { Select } from '#components/ui/select'
import type { RevisionView } from '#lib/configuration/revision'
import type { DeploymentView } from '#lib/readiness/deployment'
import type { EnvironmentView } from '#lib/tenants/environment'

interface ConfigurationProps {
  tenant: string
  environment: EnvironmentView
  /** '' while none is chosen. */
  application: string
  applications: readonly string[]
  /** undefined while not loaded. */
  running: readonly DeploymentView[] | undefined
  onChoose: (application: string) => void
}

/** What differs between environments for one application: its revisions, the newest one in an editor. */
export function Configuration(props: ConfigurationProps): ReactNode {
  const { tenant, environment, application, applications, running, onChoose } = props
  if (application === '') {
    if (applications.length === 0) return <EmptyState title="There is no application yet">Configuration is kept for each of them.</EmptyState>
    const options = [{ value: '', label: 'Choose one' }, ...applications.map((value) => ({ value, label: value }))]
    return (
      <div className="max-w-72">
        <Select label="Configuration of which application?" value="" options={options} onChange={onChoose} />
      </div>
    )
  }
  const deployment = running?.find((one) => one.application.slug === application)
  return <Revisions key={application} tenant={tenant} environment={environment} application={application} deployment={deployment} />
}

interface RevisionsProps {
  tenant: string
  environment: EnvironmentView
  application: string
  deployment: DeploymentView | undefined
}

function Revisions({ tenant, environment, application, deployment }: RevisionsProps): ReactNode {
  const [asked, choose] = useQueryState('revision', parseAsInteger)
  const revisions = useApi<{ items: RevisionView[] }>(
    tenantKey(tenant, 'board', 'config-revisions', environment.slug, application),
    tenantPath(tenant, 'applications', application, 'config-revisions'),
    { query: { environment: environment.slug } },
  )
  return (
    <Loaded query={revisions} label="Loading the revisions">
      {({ items }) => {
        const newest = items[0]
        const shown = items.find(({ number }) => number === asked) ?? newest
        if (!newest || !shown) return null
        return (
          <div className="grid gap-4">
            {deployment && deployment.promised.configRevision !== newest.number && (
              <Banner
                tone="wait"
                title={`r${newest.number} is saved, r${deployment.promised.configRevision} runs`}
                action={
                  <ForActors>
                    <LinkButton tone="primary" size="sm" href={sheetHref(tenant, { application, environment: environment.slug, kind: 'config' })}>
                      Apply r{newest.number}
                    </LinkButton>
                  </ForActors>
                }
              >
                Applying it is a promotion: the same gates, a rolling restart, no build.
              </Banner>
            )}
            <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_300px]">
              <ConfigEditor
                // Another start or a newer revision is another draft.
                key={`${shown.number} of ${newest.number}`}
                tenant={tenant}
                environment={environment}
                application={application}
                from={shown}
                newest={newest}
                onSaved={() => void choose(null)}
              />
              <RevisionList
                revisions={items}
                shown={shown.number}
                running={deployment?.promised.configRevision}
                onShow={(number) => void choose(number === newest.number ? null : number)}
              />
            </div>
          </div>
        )
      }}
    </Loaded>
  )
}
