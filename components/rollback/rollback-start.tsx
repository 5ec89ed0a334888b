'use client'
import { Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { rollbackHref } from '#components/board/use-board'
import { DeploymentStatus } from '#components/environment/deployment-words'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { needsAttention } from '#components/readiness/readiness-words'
import { ActLink } from '#components/tenant/act-link'
import { DataTable, type Column } from '#components/ui/data-table'
import { DigestMark } from '#components/ui/digest-mark'
import { EmptyState } from '#components/ui/empty-state'
import { LinkButton } from '#components/ui/link-button'
import { Loaded } from '#components/ui/loaded'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import type { DeploymentView, ReadinessView } from '#lib/readiness/deployment'

/** More than this is a list to search in, and the two choices above it do that better. */
const most = 10

/** Before a place is chosen: where one most likely has to roll back, what is degraded first, then what changed last. */
export function RollbackStart({ tenant, app, env }: { tenant: string; app: string; env: string }): ReactNode {
  const readiness = useApi<ReadinessView>(tenantKey(tenant, 'board', 'readiness-page'), tenantPath(tenant, 'readiness'))
  return (
    <Loaded query={readiness} label="Loading what runs">
      {({ environments }) => {
        const all = environments
          .flatMap(({ deployments }) => deployments)
          .filter(({ application, environment }) => [application.slug, ''].includes(app) && [environment.slug, ''].includes(env))
        if (all.length === 0) {
          return (
            <EmptyState title="Nothing runs here yet" icon={Undo2} action={<LinkButton href={`/t/${tenant}`}>Open the board</LinkButton>}>
              A rollback returns an environment to a release that ran in it before. Nothing was deployed to the chosen ones.
            </EmptyState>
          )
        }
        const isDegraded = all.some(needsAttention)
        return (
          <Section
            title={isDegraded ? 'Degraded, then changed last' : 'Changed last'}
            aside={all.length > most ? `${most} of ${all.length}` : undefined}
            description="Choose one to see the releases that it can be rolled back to. Nothing happens yet."
          >
            <DataTable
              caption="Deployments that can be rolled back"
              columns={columnsOf(tenant)}
              rows={all.toSorted(byNeed).slice(0, most)}
              rowKey={({ application, environment }) => `${application.slug}/${environment.slug}`}
            />
          </Section>
        )
      }}
    </Loaded>
  )
}

/** What needs attention before what is well, and of each the newest change first. */
function byNeed(left: DeploymentView, right: DeploymentView): number {
  return Number(needsAttention(right)) - Number(needsAttention(left)) || Date.parse(right.promised.deployedAt) - Date.parse(left.promised.deployedAt)
}

function columnsOf(tenant: string): readonly Column<DeploymentView>[] {
  return [
    { key: 'place', head: 'Deployment', isName: true, cell: placeWords },
    {
      key: 'state',
      head: 'State',
      cell: ({ state, readyReplicas, wantedReplicas }) => <DeploymentStatus state={state} ready={readyReplicas} wanted={wantedReplicas} />,
    },
    {
      key: 'release',
      head: 'Runs',
      cell: ({ promised: { release, components } }) => (
        <span className="flex min-w-0 items-center gap-2">
          {components[0] && <DigestMark digest={components[0].digest} />}
          <span className="font-mono text-sm break-all">{release}</span>
        </span>
      ),
    },
    { key: 'deployed', head: 'Deployed', cell: ({ promised }) => <RelativeTime at={promised.deployedAt} /> },
    {
      key: 'act',
      head: <span className="sr-only">Roll back</span>,
      align: 'end',
      cell: (deployment) => (
        <ActLink
          tenant={tenant}
          verb="rollback.request"
          icon={Undo2}
          href={rollbackHref(tenant, { application: deployment.application.slug, environment: deployment.environment.slug })}
        >
          Roll back<span className="sr-only"> {placeWords(deployment)}</span>
        </ActLink>
      ),
    },
  ]
}

function placeWords({ application, environment }: DeploymentView): string {
  return `${application.slug} in ${environment.slug}`
}
