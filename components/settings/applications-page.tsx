'use client'
import { Boxes, Plus } from 'lucide-react'
import dynamic from 'next/dynamic'
import { parseAsString, useQueryState } from 'nuqs'
import type { ReactNode } from 'react'
import { ForActors } from '#components/layout/reader'
import { useAct } from '#components/layout/use-act'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { componentColumns, type ComponentRow } from '#components/settings/component-columns'
import { useReason } from '#components/tenant/use-tenant'
import { Button } from '#components/ui/button'
import { CopyLine } from '#components/ui/copy-line'
import { DataTable } from '#components/ui/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { ProblemNotice } from '#components/ui/problem-notice'
import { Section } from '#components/ui/section'
import { SkeletonRows } from '#components/ui/skeleton'
import type { ApplicationView } from '#lib/tenants/application'

// Their code comes when they are opened.
const ComponentSpecDialog = dynamic(async () => (await import('#components/settings/component-spec-dialog')).ComponentSpecDialog, { ssr: false })
const CreateApplicationDialog = dynamic(async () => (await import('#components/settings/create-application-dialog')).CreateApplicationDialog, {
  ssr: false,
})

/** The rows of the board with their components, and how each component is run by default. */
export function ApplicationsPage({ tenant }: { tenant: string }): ReactNode {
  const [chosen, setChosen] = useQueryState('component', parseAsString.withOptions({ history: 'push' }))
  const reason = useReason(tenant)('environment.manage')
  const [isCreating, setCreating] = useAct('create', reason)
  const list = useApi<{ items: ApplicationView[] }>(tenantKey(tenant, 'board', 'applications'), tenantPath(tenant, 'applications'))
  const rows = (list.data?.items ?? []).flatMap((application) =>
    application.components.map((component): ComponentRow => ({ application, component })),
  )
  const edited = rows.find(({ application, component }) => `${application.slug}/${component.name}` === chosen)
  const create = (
    <ForActors>
      <Button tone="primary" size="sm" icon={Plus} disabledReason={reason} onClick={() => setCreating(true)}>
        Create an application
      </Button>
    </ForActors>
  )
  return (
    <>
      <Section
        title="Applications"
        aside={list.data?.items.length !== 0 && create}
        description="An application is a row of the board; each of its components is one JAR."
      >
        {list.error && <ProblemNotice problem={list.error} title="The applications could not be listed" />}
        {!list.data && !list.error && <SkeletonRows label="Loading the applications" />}
        {list.data && (
          <DataTable
            caption="Applications and their components"
            columns={componentColumns((row) => void setChosen(`${row.application.slug}/${row.component.name}`))}
            rows={rows}
            rowKey={({ application, component }) => `${application.id}/${component.name}`}
            empty={
              <EmptyState icon={Boxes} title="No application yet" action={create}>
                Create one, then upload its first JAR.
              </EmptyState>
            }
          />
        )}
      </Section>
      <div className="mt-6">
        <CopyLine line={`caisson api GET /tenants/${tenant}/applications`} />
      </div>
      {isCreating && <CreateApplicationDialog tenant={tenant} onClose={() => setCreating(false)} />}
      {edited && <ComponentSpecDialog tenant={tenant} {...edited} onClose={() => void setChosen(null)} />}
    </>
  )
}
