'use client'
import { Activity } from 'lucide-react'
import Link from 'next/link'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { ReadinessCard } from '#components/readiness/readiness-card'
import { FailedDeployNote } from '#components/readiness/failed-deploy-note'
import { needsAttention } from '#components/readiness/readiness-words'
import { environmentHref } from '#components/release/sheet-link'
import { CopyLine } from '#components/ui/copy-line'
import { EmptyState } from '#components/ui/empty-state'
import { LinkButton } from '#components/ui/link-button'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import { Select } from '#components/ui/select'
import { Status } from '#components/ui/status'
import type { EnvironmentReadiness, ReadinessView } from '#lib/readiness/deployment'
import type { HistoryView } from '#lib/readiness/history'

const shows = ['all', 'attention'] as const
const spans = ['1', '7'] as const
const address = {
  env: parseAsString.withDefault(''),
  app: parseAsString.withDefault(''),
  show: parseAsStringLiteral(shows).withDefault('all'),
  days: parseAsStringLiteral(spans).withDefault('1'),
}

/** Everything that is promised to run, against what was observed: components in start order, replicas, drift, and what came before. */
export function ReadinessPage({ tenant }: { tenant: string }): ReactNode {
  const [{ env, app, show, days }, go] = useQueryStates(address, { history: 'push' })
  // States age without anybody changing them, so this is asked for again by time as well.
  const readiness = useApi<ReadinessView>(tenantKey(tenant, 'board', 'readiness-page'), tenantPath(tenant, 'readiness'), { everyMs: 10_000 })
  const history = useApi<HistoryView>(tenantKey(tenant, 'board', 'readiness-history'), tenantPath(tenant, 'readiness', 'history'), {
    query: { days },
    isKept: true,
    everyMs: 30_000,
  })
  const environments = readiness.data?.environments ?? []
  const applications = [...new Set(environments.flatMap(applicationsOf))].toSorted()
  return (
    <>
      <PageHeader
        title="Readiness"
        at={readiness.dataUpdatedAt}
        actions={
          <div className="flex flex-wrap gap-2">
            <Select
              label="Environment"
              isLabelHidden
              value={env}
              options={choices(
                'All environments',
                environments.map((one) => one.environment.slug),
                env,
              )}
              onChange={(value) => void go({ env: value || null })}
            />
            <Select
              label="Application"
              isLabelHidden
              value={app}
              options={choices('All applications', applications, app)}
              onChange={(value) => void go({ app: value || null })}
            />
            <Select
              label="Show"
              isLabelHidden
              value={show}
              options={[
                { value: 'all', label: 'Everything' },
                { value: 'attention', label: 'What needs attention' },
              ]}
              onChange={(value) => void go({ show: value === 'attention' ? value : null })}
            />
            <Select
              label="History of"
              isLabelHidden
              value={days}
              options={[
                { value: '1', label: 'Last 24 hours' },
                { value: '7', label: 'Last 7 days' },
              ]}
              onChange={(value) => void go({ days: value === '7' ? value : null })}
            />
          </div>
        }
      >
        <Summary environments={environments} isLoaded={readiness.data !== undefined} />
      </PageHeader>
      <Loaded query={readiness} label="Loading what runs" rows={6}>
        {(data) => {
          const shown = data.environments.map((one) => filtered(one, { env, app, show })).filter((one) => one !== undefined)
          if (shown.length === 0)
            return <Nothing tenant={tenant} isFiltered={data.environments.some((one) => applicationsOf(one).length > 0)} show={show} />
          return (
            <div className="grid gap-8">
              {shown.map(({ environment, deployments, failedDeploys }) => (
                <section key={environment.slug} aria-label={environment.name} className="grid gap-3">
                  <h2 className="text-lg font-[600]">
                    <Link href={environmentHref(tenant, environment.slug)} className="hover:text-accent">
                      {environment.name} <span className="font-mono text-sm font-normal text-ink-3">{environment.slug}</span>
                    </Link>
                  </h2>
                  {failedDeploys.map((failed) => (
                    <FailedDeployNote key={failed.promotionId} tenant={tenant} failed={failed} isNothingThere />
                  ))}
                  {deployments.map((deployment) => (
                    <ReadinessCard
                      key={deployment.application.slug}
                      tenant={tenant}
                      deployment={deployment}
                      history={history.data?.places.find(
                        (one) => one.environment === environment.slug && one.application === deployment.application.slug,
                      )}
                      span={history.data && { from: history.data.from, until: history.data.until }}
                    />
                  ))}
                </section>
              ))}
            </div>
          )
        }}
      </Loaded>
      <div className="mt-6">
        <CopyLine
          line={
            env && app ? `caisson status ${app} ${env} --watch --tenant ${tenant}` : `caisson status${app && ` ${app}`} --watch --tenant ${tenant}`
          }
        />
      </div>
    </>
  )
}

function applicationsOf({ deployments, failedDeploys }: EnvironmentReadiness): string[] {
  return [...deployments.map(({ application }) => application.slug), ...failedDeploys.map(({ application }) => application)]
}

function choices(all: string, known: readonly string[], chosen: string) {
  const values = [...new Set([...known, ...(chosen ? [chosen] : [])])]
  return [{ value: '', label: all }, ...values.map((value) => ({ value, label: value }))]
}

function filtered(one: EnvironmentReadiness, { env, app, show }: { env: string; app: string; show: string }): EnvironmentReadiness | undefined {
  if (env && one.environment.slug !== env) return undefined
  const deployments = one.deployments.filter(
    (deployment) => (!app || deployment.application.slug === app) && (show === 'all' || needsAttention(deployment)),
  )
  const failedDeploys = one.failedDeploys.filter(({ application }) => !app || application === app)
  return deployments.length + failedDeploys.length === 0 ? undefined : { ...one, deployments, failedDeploys }
}

function Summary({ environments, isLoaded }: { environments: readonly EnvironmentReadiness[]; isLoaded: boolean }): ReactNode {
  const all = environments.flatMap(({ deployments }) => deployments)
  const failed = environments.flatMap(({ deployments, failedDeploys }) => [
    ...failedDeploys,
    ...deployments.flatMap(({ failedDeploy }) => failedDeploy ?? []),
  ]).length
  const count = (...states: string[]) => all.filter(({ state }) => states.includes(state)).length
  if (!isLoaded) return 'What runs against what is promised.'
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span>What runs against what is promised.</span>
      <Status tone="ok" plain>
        {count('ready')} ready
      </Status>
      {count('degraded', 'not_ready') > 0 && (
        <Status tone="bad" plain>
          {count('degraded', 'not_ready')} degraded or not ready
        </Status>
      )}
      {count('unknown') > 0 && (
        <Status tone="wait" plain>
          {count('unknown')} unknown
        </Status>
      )}
      {count('stopped') > 0 && (
        <Status tone="off" plain>
          {count('stopped')} stopped
        </Status>
      )}
      {failed > 0 && (
        <Status tone="wait" plain>
          {failed} {failed === 1 ? 'deploy' : 'deploys'} failed last
        </Status>
      )}
    </span>
  )
}

function Nothing({ tenant, isFiltered, show }: { tenant: string; isFiltered: boolean; show: string }): ReactNode {
  if (isFiltered && show === 'attention')
    return <EmptyState title="Nothing needs attention">Everything that is in view is as promised, and was looked at just now.</EmptyState>
  if (isFiltered) return <EmptyState title="Nothing is promised to run in this view">Choose another environment or application.</EmptyState>
  return (
    <EmptyState
      icon={Activity}
      title="Nothing was ever deployed here"
      action={
        <LinkButton href={`/t/${tenant}/releases`} tone="primary">
          Choose a release
        </LinkButton>
      }
    >
      What is promised to run stands here with each of its components and replicas.
    </EmptyState>
  )
}
