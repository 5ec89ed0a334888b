'use client'
import { Plus } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState, type ReactNode } from 'react'
import { ForActors } from '#components/layout/reader'
import { useAct } from '#components/layout/use-act'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { environmentColumns } from '#components/settings/environment-columns'
import { useReason, useTenant } from '#components/tenant/use-tenant'
import { Banner } from '#components/ui/banner'
import { Button } from '#components/ui/button'
import { CopyLine } from '#components/ui/copy-line'
import { DataTable } from '#components/ui/data-table'
import { Meter } from '#components/ui/meter'
import { ProblemNotice } from '#components/ui/problem-notice'
import { Section } from '#components/ui/section'
import { SkeletonRows } from '#components/ui/skeleton'
import type { EnvironmentView } from '#lib/tenants/environment'

// Its code comes when it is opened.
const EnvironmentDialog = dynamic(async () => (await import('#components/settings/environment-dialog')).EnvironmentDialog, { ssr: false })

/** The columns of the board: order, upstream, protection, and what the tier allows. */
export function EnvironmentsPage({ tenant }: { tenant: string }): ReactNode {
  const [edited, setEdited] = useState<EnvironmentView>()
  const view = useTenant(tenant).data
  const reason = useReason(tenant)('environment.manage')
  const list = useApi<{ items: EnvironmentView[] }>(tenantKey(tenant, 'board', 'environments'), tenantPath(tenant, 'environments'))
  const limit = view && !view.acts.createEnvironment.allowed ? view.acts.createEnvironment : undefined
  const mayNotCreate = reason ?? limit?.reason
  const [isCreating, setCreating] = useAct('create', mayNotCreate)
  const create = (
    <ForActors>
      <Button tone="primary" size="sm" icon={Plus} disabledReason={mayNotCreate} onClick={() => setCreating(true)}>
        Create an environment
      </Button>
    </ForActors>
  )
  const used = view?.usage.customEnvironments
  return (
    <>
      <Section title="Environments" aside={create}>
        {list.error && <ProblemNotice problem={list.error} title="The environments could not be listed" />}
        {!list.data && !list.error && <SkeletonRows label="Loading the environments" rows={3} />}
        {list.data && (
          <DataTable caption="Environments" columns={environmentColumns(tenant, reason, setEdited)} rows={list.data.items} rowKey={({ id }) => id} />
        )}
      </Section>
      {view && used && (
        <div className="mt-4 grid max-w-md gap-3">
          <Meter
            label={`Custom environments, tier ${view.tier}`}
            value={used.used}
            max={used.cap}
            words={used.cap === null ? `${used.used}, no cap` : `${used.used} of ${used.cap}`}
          />
          {limit?.code === 'tier_limit' && (
            <Banner tone="wait" title={limit.reason}>
              {limit.fix}
            </Banner>
          )}
        </div>
      )}
      <div className="mt-6">
        <CopyLine line={`caisson api GET /tenants/${tenant}/environments`} />
      </div>
      {(edited || isCreating) && (
        <EnvironmentDialog
          tenant={tenant}
          environment={edited}
          all={list.data?.items ?? []}
          onClose={() => (edited ? setEdited(undefined) : setCreating(false))}
        />
      )}
    </>
  )
}
