'use client'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import type { ReactNode } from 'react'
import { MatrixPanel } from '#components/configuration/matrix-panel'
import { PlaceConfiguration } from '#components/configuration/place-configuration'
import { RevisionsPanel } from '#components/configuration/revisions-panel'
import { SecretsPanel } from '#components/configuration/secrets-panel'
import { useConfiguration } from '#components/configuration/use-configuration'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { CopyLine } from '#components/ui/copy-line'
import { EmptyState } from '#components/ui/empty-state'
import { LinkButton } from '#components/ui/link-button'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import { Select } from '#components/ui/select'
import { Tabs } from '#components/ui/tabs'
import type { ApplicationView } from '#lib/tenants/application'
import type { EnvironmentView } from '#lib/tenants/environment'

const views = ['editor', 'revisions', 'matrix', 'secrets'] as const
type View = (typeof views)[number]
const address = {
  app: parseAsString.withDefault(''),
  env: parseAsString.withDefault(''),
  view: parseAsStringLiteral(views).withDefault('editor'),
}
/** Of the place in view: another one has none of them. */
const ofPlace = { revision: null, from: null, to: null, toEnv: null }

/** What differs between environments while the binary stays the same, for one application at a time. */
export function ConfigurationPage({ tenant }: { tenant: string }): ReactNode {
  const [asked, go] = useQueryStates(
    { ...address, revision: parseAsString, from: parseAsString, to: parseAsString, toEnv: parseAsString, as: parseAsString },
    { history: 'push' },
  )
  const applications = useApi<{ items: ApplicationView[] }>(tenantKey(tenant, 'board', 'applications'), tenantPath(tenant, 'applications'))
  const environments = useApi<{ items: EnvironmentView[] }>(tenantKey(tenant, 'board', 'environments'), tenantPath(tenant, 'environments'))
  const apps = applications.data?.items.map(({ slug }) => slug) ?? []
  const envs = environments.data?.items.map(({ slug }) => slug) ?? []
  const app = asked.app || (apps[0] ?? '')
  const env = asked.env || (envs[0] ?? '')
  const view = useConfiguration(tenant, app, env)
  return (
    <>
      <PageHeader
        title="Configuration"
        at={view.dataUpdatedAt}
        actions={
          app !== '' && (
            <>
              <Select
                label="Application"
                isLabelHidden
                value={app}
                options={listed(apps, app)}
                onChange={(value) => void go({ app: value, ...ofPlace })}
              />
              <Select
                label="Environment"
                isLabelHidden
                value={env}
                options={listed(envs, env)}
                onChange={(value) => void go({ env: value, ...ofPlace })}
              />
            </>
          )
        }
      >
        What differs between environments while the binary stays the same.
      </PageHeader>
      <Loaded query={applications} label="Loading the applications">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              title="There is no application yet"
              action={
                <LinkButton href={`/t/${tenant}/releases/new`} tone="primary">
                  Upload a JAR
                </LinkButton>
              }
            >
              Configuration is kept for each of them, in each environment.
            </EmptyState>
          ) : (
            env !== '' && (
              <Tabs
                label="What to see"
                value={asked.view}
                onChange={(next) => void go({ view: next })}
                tabs={[
                  {
                    value: 'editor',
                    label: 'Editor',
                    panel: <PlaceConfiguration key={`${app} ${env}`} tenant={tenant} application={app} environment={env} />,
                  },
                  {
                    value: 'revisions',
                    label: 'Revisions',
                    panel: (
                      <Loaded query={view} label="Loading the configuration">
                        {(data) => <RevisionsPanel key={`${app} ${env}`} tenant={tenant} view={data} environments={envs} />}
                      </Loaded>
                    ),
                  },
                  { value: 'matrix', label: 'Matrix', panel: <MatrixPanel tenant={tenant} application={app} /> },
                  {
                    value: 'secrets',
                    label: 'Secrets',
                    panel: <SecretsPanel key={`${app} ${env}`} tenant={tenant} application={app} environment={env} />,
                  },
                ]}
              />
            )
          )
        }
      </Loaded>
      {app !== '' && env !== '' && (
        <div className="mt-6">
          <CopyLine line={`${commandOf(asked.view, asked.as, app, env)} --tenant ${tenant}`} />
        </div>
      )}
    </>
  )
}

function listed(all: readonly string[], chosen: string): { value: string; label: string }[] {
  return [...new Set([...all, ...(chosen === '' ? [] : [chosen])])].map((value) => ({ value, label: value }))
}

function commandOf(view: View, as: string | null, app: string, env: string): string {
  return {
    editor: `caisson config ${as === 'text' ? 'edit' : 'get'} ${app} ${env}`,
    revisions: `caisson config diff ${app} ${env}`,
    matrix: `caisson config matrix ${app}`,
    secrets: `caisson secrets list ${app} ${env}`,
  }[view]
}
