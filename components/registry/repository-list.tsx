'use client'
import { Container, Upload } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { LogInLines } from '#components/registry/log-in-lines'
import { Bytes } from '#components/ui/bytes'
import { CopyLine } from '#components/ui/copy-line'
import { DataTable, type Column } from '#components/ui/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { LinkButton } from '#components/ui/link-button'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import { RelativeTime } from '#components/ui/relative-time'
import type { RepositorySummary } from '#lib/registry/repository-view'

/** The repositories of the tenant: what is in them and how to get at it. */
export function RepositoryList({ tenant }: { tenant: string }): ReactNode {
  const list = useApi<{ repositories: RepositorySummary[] }>(tenantKey(tenant, 'release', 'repositories'), tenantPath(tenant, 'repositories'))
  const first = list.data?.repositories[0]
  return (
    <>
      <PageHeader at={list.dataUpdatedAt} title="Registry">
        OCI repositories of this tenant; a tag never moves.
      </PageHeader>
      <Loaded query={list} label="Loading the repositories">
        {({ repositories }) => (
          <DataTable
            caption="Repositories"
            columns={columnsOf(tenant)}
            rows={repositories}
            rowKey={({ name }) => name}
            empty={
              <EmptyState
                icon={Container}
                title="No repository yet"
                action={
                  <LinkButton href={`/t/${tenant}/releases/new`} tone="primary" icon={Upload}>
                    Upload a JAR
                  </LinkButton>
                }
              >
                The first upload or push of an application makes its repository.
              </EmptyState>
            }
          />
        )}
      </Loaded>
      <LogInLines tenant={tenant} repository={first?.name ?? `${tenant}/APPLICATION`} />
      <div className="mt-4">
        <CopyLine line={`caisson releases --tenant ${tenant}`} />
      </div>
    </>
  )
}

/** The address of a repository's page. */
function repositoryHref(tenant: string, { application, component }: RepositorySummary): string {
  const path = `/t/${encodeURIComponent(tenant)}/registry/${encodeURIComponent(application)}`
  return component === null ? path : `${path}?component=${encodeURIComponent(component)}`
}

function columnsOf(tenant: string): Column<RepositorySummary>[] {
  return [
    {
      key: 'name',
      head: 'Repository',
      isName: true,
      cell: (repository) => (
        <Link href={repositoryHref(tenant, repository)} className="font-mono break-all">
          {repository.name}
        </Link>
      ),
    },
    { key: 'tags', head: 'Tags', align: 'end', cell: ({ tags }) => tags.toLocaleString('en') },
    { key: 'size', head: 'Size', align: 'end', cell: ({ sizeBytes }) => <Bytes count={sizeBytes} /> },
    {
      key: 'push',
      head: 'Last push',
      cell: ({ lastPushAt }) => (lastPushAt === null ? <span className="text-ink-3">never</span> : <RelativeTime at={lastPushAt} />),
    },
  ]
}
