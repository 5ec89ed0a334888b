'use client'
import { Archive } from 'lucide-react'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { drillColumns, partColumns } from '#components/operations/backup-columns'
import { InstallationBackups } from '#components/operations/installation-backups'
import { usePlatformReason } from '#components/tenant/use-tenant'
import { CopyLine } from '#components/ui/copy-line'
import { DataTable } from '#components/ui/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { Status } from '#components/ui/status'
import type { DrillKind, TenantBackupsView } from '#lib/operations/backup'

/** What could be brought back, and the proof that it was: backups with what they hold of this tenant, and drills. */
export function BackupsPage({ tenant }: { tenant: string }): ReactNode {
  const mayRun = usePlatformReason()('backup.run') === undefined
  const backups = useApi<TenantBackupsView>(tenantKey(tenant, 'settings', 'backups'), tenantPath(tenant, 'backups'), { everyMs: 15_000 })
  return (
    <div className="grid gap-6">
      <Loaded query={backups} label="Loading the backups" rows={4}>
        {(data) => (
          <>
            <Proof data={data} />
            <Section
              title="Backups that hold this tenant"
              description="Each holds everything of the tenant at one moment; the log head says where its log ended then."
            >
              <DataTable
                caption="Backups that hold this tenant, newest first"
                columns={partColumns}
                rows={data.parts}
                rowKey={({ backupId }) => backupId}
                empty={
                  <EmptyState icon={Archive} title="No backup holds this tenant yet">
                    {mayRun ? 'Back up now, below, or on the server with the last line.' : 'A platform admin makes one.'}
                  </EmptyState>
                }
              />
            </Section>
            <Section
              title="Restore drills"
              description="A backup was restored in isolation and verified: its data, and the secrets that make it readable."
            >
              <DataTable
                caption="Restore drills, newest first"
                columns={drillColumns}
                rows={data.drills}
                rowKey={({ id }) => id}
                empty={
                  <EmptyState icon={Archive} title="No backup was ever restored to see whether it can be">
                    Run <code className="font-mono">caisson drill FILE</code> on the server.
                  </EmptyState>
                }
              />
            </Section>
          </>
        )}
      </Loaded>
      {mayRun && <InstallationBackups tenant={tenant} />}
      <CopyLine line="caisson backup --to /backups/caisson.backup" />
    </div>
  )
}

/** The newest of each kind at a glance; what was never done says so. */
function Proof({ data: { parts, drills } }: { data: TenantBackupsView }): ReactNode {
  const passed = (kind: DrillKind) => drills.find((drill) => drill.kind === kind && drill.result === 'passed')?.at
  return (
    <dl className="grid gap-px overflow-hidden rounded-3 border bg-line sm:grid-cols-3">
      <Newest name="Backed up" at={parts[0]?.completedAt} />
      <Newest name="Data restored in a drill" at={passed('data')} />
      <Newest name="Secrets restored in a drill" at={passed('secrets')} />
    </dl>
  )
}

function Newest({ name, at }: { name: string; at: string | undefined }): ReactNode {
  return (
    <div className="bg-surface px-3.5 py-2.5">
      <dt className="text-sm text-ink-3">{name}</dt>
      <dd>
        {at === undefined ? (
          <Status tone="wait">never</Status>
        ) : (
          <Status tone="ok">
            <RelativeTime at={at} />
          </Status>
        )}
      </dd>
    </div>
  )
}
