'use client'
import { Activity } from 'lucide-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import type { ReactNode } from 'react'
import { DeploymentCard, type Focus } from '#components/environment/deployment-card'
import { FreezeMark } from '#components/environment/freeze-mark'
import { Protection } from '#components/environment/environment-list'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { noFilters, TimelineList } from '#components/timeline/timeline-list'
import { FailedDeployNote } from '#components/readiness/failed-deploy-note'
import { CopyLine } from '#components/ui/copy-line'
import { EmptyState } from '#components/ui/empty-state'
import { LinkButton } from '#components/ui/link-button'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import { Select } from '#components/ui/select'
import { SkeletonRows } from '#components/ui/skeleton'
import { Tabs } from '#components/ui/tabs'
import type { FreezeView } from '#lib/promotions/freeze'
import type { EnvironmentReadiness } from '#lib/readiness/deployment'
import type { ApplicationView } from '#lib/tenants/application'
import type { EnvironmentView } from '#lib/tenants/environment'

// Its code comes when it is looked at.
const Configuration = dynamic(async () => (await import('#components/environment/configuration')).Configuration, {
  ssr: false,
  loading: () => <SkeletonRows rows={6} label="Loading the configuration" />,
})

const views = ['running', 'timeline', 'configuration'] as const
const address = {
  app: parseAsString.withDefault(''),
  view: parseAsStringLiteral(views).withDefault('running'),
  // Of the application in view: another one has none of them.
  replica: parseAsString,
  revision: parseAsInteger,
  after: parseAsString,
}
const elsewhere = { replica: null, revision: null, after: null }

/** One environment: what runs there against what is promised, what changed, and the configuration of each application. */
export function EnvironmentPage({ tenant, slug }: { tenant: string; slug: string }): ReactNode {
  const [{ app, view }, go] = useQueryStates(address, { history: 'push' })
  const environment = useApi<EnvironmentView>(tenantKey(tenant, 'board', 'environment', slug), tenantPath(tenant, 'environments', slug))
  const running = useApi<EnvironmentReadiness>(
    tenantKey(tenant, 'board', 'readiness', slug),
    tenantPath(tenant, 'environments', slug, 'deployments'),
    { everyMs: 10_000 },
  )
  const applications = useApi<{ items: ApplicationView[] }>(tenantKey(tenant, 'board', 'applications'), tenantPath(tenant, 'applications'))
  const freezes = useApi<{ items: FreezeView[] }>(tenantKey(tenant, 'board', 'freezes'), tenantPath(tenant, 'freezes'))
  const known = applications.data?.items.map((one) => one.slug) ?? []
  const options = [
    { value: '', label: 'All applications' },
    ...[...new Set([...known, ...(app ? [app] : [])])].map((value) => ({ value, label: value })),
  ]
  const shown = running.data?.deployments.filter(({ application }) => app === '' || application.slug === app)
  const focus: Focus = { app, select: (application) => void go({ app: application, ...elsewhere }) }
  return (
    <>
      <PageHeader
        title={environment.data?.name ?? slug}
        at={running.dataUpdatedAt}
        trail={
          <Link href={`/t/${tenant}/environments`} className="hover:text-ink">
            Environments
          </Link>
        }
        actions={
          <>
            <LinkButton href={`/t/${tenant}/readiness?env=${slug}${app && `&app=${app}`}`} icon={Activity}>
              Readiness
            </LinkButton>
            <Select
              label="Application"
              isLabelHidden
              value={app}
              options={options}
              onChange={(value) => void go({ app: value || null, ...elsewhere })}
            />
          </>
        }
      >
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {environment.data && (
            <>
              <span className="font-mono text-sm text-ink-2">{slug}</span>
              <span>
                {environment.data.runtimeKind} runtime, <Protection environment={environment.data} />
              </span>
              <FreezeMark freezes={freezes.data?.items} environment={slug} />
            </>
          )}
        </span>
      </PageHeader>
      <Tabs
        label="What to see"
        value={view}
        onChange={(next) => void go({ view: next })}
        tabs={[
          {
            value: 'running',
            label: 'Running',
            count: shown?.length,
            panel: (
              <Loaded query={running} label="Loading what runs">
                {() => (
                  <div className="grid gap-4">
                    {(shown ?? []).map((deployment) => (
                      <DeploymentCard
                        key={deployment.application.slug}
                        tenant={tenant}
                        deployment={deployment}
                        focus={focus}
                        isAlone={shown?.length === 1}
                      />
                    ))}
                    {(running.data?.failedDeploys ?? [])
                      .filter(({ application }) => app === '' || application === app)
                      .map((failed) => (
                        <FailedDeployNote key={failed.promotionId} tenant={tenant} failed={failed} isNothingThere />
                      ))}
                    {shown?.length === 0 && <NothingRuns tenant={tenant} slug={slug} app={app} />}
                  </div>
                )}
              </Loaded>
            ),
          },
          {
            value: 'timeline',
            label: 'Timeline',
            panel: (
              <div className="grid gap-3">
                <TimelineList tenant={tenant} environment={slug} filters={{ ...noFilters, app }} />
                <p>
                  <LinkButton size="sm" href={`/t/${tenant}/environments/${slug}/timeline${app && `?app=${app}`}`}>
                    Filter it, or ask what ran at a time
                  </LinkButton>
                </p>
              </div>
            ),
          },
          {
            value: 'configuration',
            label: 'Configuration',
            panel: (
              <Loaded query={applications} label="Loading the applications">
                {() => (
                  <Configuration
                    tenant={tenant}
                    environment={slug}
                    application={app || (known.length === 1 ? (known[0] ?? '') : '')}
                    applications={known}
                    onChoose={(application) => void go({ app: application, ...elsewhere })}
                  />
                )}
              </Loaded>
            ),
          },
        ]}
      />
      <div className="mt-6">
        <CopyLine line={commandOf(tenant, slug, app, view)} />
      </div>
    </>
  )
}

function commandOf(tenant: string, slug: string, app: string, view: (typeof views)[number]): string {
  if (view === 'timeline') return `caisson timeline ${slug}${app && ` --app ${app}`} --tenant ${tenant}`
  if (app === '') return `caisson api GET /tenants/${tenant}/environments/${slug}/deployments`
  return view === 'running' ? `caisson status ${app} ${slug} --tenant ${tenant}` : `caisson config get ${app} ${slug} --tenant ${tenant}`
}

function NothingRuns({ tenant, slug, app }: { tenant: string; slug: string; app: string }): ReactNode {
  return (
    <EmptyState
      title={app ? `${app} was never deployed here` : 'Nothing was ever deployed here'}
      action={
        <LinkButton href={`/t/${tenant}/releases${app ? `?application=${app}` : ''}`} tone="primary">
          Choose a release
        </LinkButton>
      }
    >
      What runs in {slug} stands here with each of its replicas.
    </EmptyState>
  )
}
