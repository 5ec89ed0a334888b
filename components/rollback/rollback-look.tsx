'use client'
import type { ReactNode } from 'react'
import { GateList } from '#components/gates/gate-list'
import { ForActors } from '#components/layout/reader'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { ArtifactChanges, ConfigurationChanges } from '#components/promotion/lane-changes'
import { MoveStrip } from '#components/promotion/move-strip'
import { PlanChanges } from '#components/promotion/plan-changes'
import { RollbackRequest } from '#components/rollback/rollback-request'
import { countWords } from '#components/ui/count-words'
import { Loaded } from '#components/ui/loaded'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { Select } from '#components/ui/select'
import type { RollbackCandidate, RollbackView } from '#lib/promotions/rollback'
import type { SheetView } from '#lib/promotions/sheet'

interface RollbackLookProps {
  tenant: string
  view: RollbackView
  candidate: RollbackCandidate
  config: 'now' | 'then'
  onConfig: (config: 'now' | 'then') => void
}

/** The sheet of the rollback: what would change with the overlay as it is now or as it was then, and what stands in the way. */
export function RollbackLook({ tenant, view, candidate, config, onConfig }: RollbackLookProps): ReactNode {
  const sheet = useApi<SheetView>(tenantKey(tenant, 'board', 'rollback-sheet'), tenantPath(tenant, 'promotion-previews'), {
    query: { application: view.application.slug, environment: view.environment.slug, kind: 'rollback', release: candidate.release, config },
    isKept: true,
  })
  return (
    <>
      <Section title="2. Look" aside="nothing has happened yet">
        <div className="grid gap-4">
          <div className="md:max-w-140">
            <Select
              label="Configuration to run with"
              value={config}
              options={[
                { value: 'now', label: `as it is now, r${view.configRevisionNow}` },
                { value: 'then', label: `as it was when ${candidate.release} ran, r${candidate.configRevision}` },
              ]}
              onChange={onConfig}
            />
          </div>
          <Loaded query={sheet} label="Loading what changes">
            {(data) => <SheetOfRollback sheet={data} />}
          </Loaded>
        </div>
      </Section>
      {sheet.data && !sheet.error && (
        <ForActors>
          <RollbackRequest
            key={candidate.release}
            tenant={tenant}
            sheet={sheet.data}
            config={config}
            needsRestore={candidate.needsRestore}
            contractWarning={candidate.contractWarning}
            isLoading={sheet.isPlaceholderData}
            targetSeconds={view.targetSeconds}
          />
        </ForActors>
      )}
    </>
  )
}

function SheetOfRollback({ sheet }: { sheet: SheetView }): ReactNode {
  const { baseline, release, environment, lanes, gates, plan } = sheet
  const from = baseline && {
    release: baseline.release,
    digest: baseline.digest,
    words: (
      <>
        {baseline.isStopped ? 'stopped' : `${baseline.readyReplicas} of ${baseline.replicas} ready`} in {environment.slug}, for{' '}
        <RelativeTime at={baseline.deployedAt} bare />
      </>
    ),
  }
  return (
    <>
      <MoveStrip
        from={from}
        to={{
          release: release.name,
          digest: release.digest,
          words: `${countWords(plan.replicas, 'replica')} of each component, config r${plan.config.revision}`,
        }}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,380px)_minmax(0,1fr)]">
        <Section title="Gates">
          <GateList gates={gates} />
        </Section>
        <div className="grid min-w-0 gap-4">
          <PlanChanges plan={plan} />
          <ConfigurationChanges configuration={lanes.configuration} />
          <ArtifactChanges artifact={lanes.artifact} />
        </div>
      </div>
    </>
  )
}
