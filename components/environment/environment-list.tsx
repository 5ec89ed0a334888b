'use client'
import { Layers3, Settings } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { FreezeMark } from '#components/environment/freeze-mark'
import { PolicySummary } from '#components/environment/policy-summary'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { environmentHref } from '#components/release/sheet-link'
import { CopyLine } from '#components/ui/copy-line'
import { DataTable, type Column } from '#components/ui/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { LinkButton } from '#components/ui/link-button'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import type { FreezeView } from '#lib/promotions/freeze'
import type { EnvironmentView } from '#lib/tenants/environment'

/** Where releases run, in the order in which they are raised. */
export function EnvironmentList({ tenant }: { tenant: string }): ReactNode {
  const environments = useApi<{ items: EnvironmentView[] }>(tenantKey(tenant, 'board', 'environments'), tenantPath(tenant, 'environments'))
  const freezes = useApi<{ items: FreezeView[] }>(tenantKey(tenant, 'board', 'freezes'), tenantPath(tenant, 'freezes'))
  return (
    <>
      <PageHeader
        title="Environments"
        at={environments.dataUpdatedAt}
        actions={
          <LinkButton href={`/t/${tenant}/settings`} icon={Settings}>
            Settings
          </LinkButton>
        }
      >
        Where releases run, in the order in which they are raised.
      </PageHeader>
      <Loaded query={environments} label="Loading the environments">
        {({ items }) => (
          <DataTable
            caption="Environments, lowest first"
            columns={columnsOf(tenant, freezes.data?.items)}
            rows={items}
            rowKey={({ id }) => id}
            empty={
              <EmptyState icon={Layers3} title="No environment">
                The tier of a tenant brings its environments along.
              </EmptyState>
            }
          />
        )}
      </Loaded>
      <div className="mt-4">
        <CopyLine line={`caisson api GET /tenants/${tenant}/environments`} />
      </div>
    </>
  )
}

function columnsOf(tenant: string, freezes: FreezeView[] | undefined): Column<EnvironmentView>[] {
  return [
    {
      key: 'name',
      head: 'Environment',
      isName: true,
      cell: ({ slug, name }) => (
        <Link href={environmentHref(tenant, slug)}>
          {slug} <span className="font-normal text-ink-3">{name}</span>
        </Link>
      ),
    },
    { key: 'rank', head: 'Rank', align: 'end', cell: ({ rank }) => rank },
    {
      key: 'after',
      head: 'Takes from',
      cell: ({ upstream }) => (upstream.length === 0 ? <span className="text-ink-3">any upload</span> : upstream.join(', ')),
    },
    { key: 'protection', head: 'Protection', cell: (environment) => <Protection environment={environment} /> },
    { key: 'runtime', head: 'Runtime', cell: ({ runtimeKind }) => runtimeKind },
    { key: 'policy', head: 'Gates', cell: ({ slug, policyVersion }) => <PolicySummary tenant={tenant} environment={slug} version={policyVersion} /> },
    { key: 'freeze', head: 'Promotion', cell: ({ slug }) => <FreezeMark freezes={freezes} environment={slug} /> },
  ]
}

export function Protection({ environment }: { environment: Pick<EnvironmentView, 'isProtected' | 'standing'> }): ReactNode {
  if (environment.standing === 'read_only') return 'read-only: over the limit of the tier'
  return environment.isProtected ? 'protected' : <span className="text-ink-3">open to developers</span>
}
