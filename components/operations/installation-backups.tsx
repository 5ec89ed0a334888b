'use client'
import { Archive } from 'lucide-react'
import type { ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, useApi } from '#components/live'
import { backupColumns } from '#components/operations/backup-columns'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { DataTable } from '#components/ui/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import { ProblemNotice } from '#components/ui/problem-notice'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import type { BackupListView, BackupView } from '#lib/operations/backup'

/** For platform admins: every backup of the installation, and one now. */
export function InstallationBackups({ tenant }: { tenant: string }): ReactNode {
  const list = useApi<BackupListView>(['platform', 'backups'], '/platform/backups', { everyMs: 5000 })
  const run = useChange(() => apiSend<BackupView>('POST', '/platform/backups', {}), [['platform', 'backups'], tenantKey(tenant, 'settings')])
  const { data } = list
  const reason = data
    ? data.mayRun.allowed
      ? undefined
      : `${data.mayRun.reason} ${data.mayRun.fix ?? ''}`.trim()
    : 'It is being looked up whether you may.'
  return (
    <Section
      title="Backups of the installation"
      aside={
        <Button size="sm" icon={Archive} busy={run.isPending} disabledReason={reason} onClick={() => run.mutate(undefined)}>
          Back up now
        </Button>
      }
      description="One file with the database, every blob and the keys, sealed under a passphrase. Keep it on another machine, and the passphrase apart from it."
    >
      {run.error && <ProblemNotice problem={run.error} title="No backup was asked for" />}
      <Loaded query={list} label="Loading the backups of the installation" rows={3}>
        {({ items, schedule }) => (
          <div className="grid grid-cols-1 gap-3">
            <Schedule schedule={schedule} />
            <DataTable
              caption="Backups of the installation, newest first"
              columns={backupColumns}
              rows={items}
              rowKey={({ id }) => id}
              empty={
                <EmptyState icon={Archive} title="No backup was ever made">
                  What is lost now is lost.
                </EmptyState>
              }
            />
          </div>
        )}
      </Loaded>
    </Section>
  )
}

function Schedule({ schedule }: Pick<BackupListView, 'schedule'>): ReactNode {
  if (!schedule) {
    return (
      <p className="text-ink-2">
        None is made by itself. Set <code className="font-mono">CAISSON_BACKUP_DAILY_AT</code> on the server to have one each day.
      </p>
    )
  }
  return (
    <p className="text-ink-2">
      One each day at <span className="tabular-nums">{schedule.dailyAt}</span> UTC, the newest {schedule.keep} kept; the next{' '}
      <RelativeTime at={schedule.next} />.
    </p>
  )
}
