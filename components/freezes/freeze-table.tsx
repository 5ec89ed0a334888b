'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CalendarClock, LockOpen, OctagonPause } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { apiSend, type Problem } from '#components/api'
import { ForActors } from '#components/layout/reader'
import { tenantPath } from '#components/live'
import { why } from '#components/promotion/promotion-acts'
import { Button } from '#components/ui/button'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { DataTable, type Column } from '#components/ui/data-table'
import { RelativeTime } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import type { FreezeView } from '#lib/promotions/freeze'
import { weeklyWords } from '#lib/promotions/weekly'

interface FreezeTableProps {
  tenant: string
  caption: string
  freezes: readonly FreezeView[]
  empty: ReactNode
}

export function FreezeTable({ tenant, caption, freezes, empty }: FreezeTableProps): ReactNode {
  const [lifted, setLifted] = useState<FreezeView | null>(null)
  const columns: readonly Column<FreezeView>[] = [
    { key: 'scope', head: 'Scope', isName: true, cell: (freeze) => scopeWords(freeze) },
    { key: 'state', head: 'State', cell: (freeze) => <FreezeStatus freeze={freeze} /> },
    {
      key: 'reason',
      head: 'Reason',
      cell: ({ reason, incident }) => (
        <span className="break-words">
          {reason}
          {incident !== '' && <span className="block text-sm text-ink-2">incident {incident}</span>}
        </span>
      ),
    },
    {
      key: 'from',
      head: 'From',
      cell: ({ startsAt, weekly }) => (
        <>
          <RelativeTime at={startsAt} />
          {weekly && <span className="block text-sm text-ink-2">{weeklyWords(weekly)}</span>}
        </>
      ),
    },
    { key: 'until', head: 'Until', cell: (freeze) => <Opens freeze={freeze} /> },
    { key: 'by', head: 'Set by', cell: ({ createdBy }) => createdBy.name },
    {
      key: 'lift',
      head: <span className="sr-only">Lift</span>,
      align: 'end',
      cell: (freeze) =>
        (freeze.state === 'closed' || freeze.state === 'planned') && (
          <ForActors>
            <Button
              size="sm"
              disabledReason={why(freeze.mayLift)}
              onClick={() => setLifted(freeze)}
              aria-label={`Lift the freeze of ${scopeWords(freeze)}`}
            >
              Lift
            </Button>
          </ForActors>
        ),
    },
  ]
  return (
    <>
      <DataTable caption={caption} columns={columns} rows={freezes} rowKey={({ id }) => id} empty={empty} />
      {lifted && <LiftDialog tenant={tenant} freeze={lifted} onClose={() => setLifted(null)} />}
    </>
  )
}

function LiftDialog({ tenant, freeze, onClose }: { tenant: string; freeze: FreezeView; onClose: () => void }): ReactNode {
  const client = useQueryClient()
  const lift = useMutation<FreezeView, Problem, undefined>({
    mutationFn: () => apiSend<FreezeView>('POST', tenantPath(tenant, 'freezes', freeze.id, 'lifts')),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['t', tenant] })
      onClose()
    },
  })
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      onConfirm={() => lift.mutate(undefined)}
      title="Lift this freeze?"
      tone="primary"
      confirmLabel="Lift it"
      busy={lift.isPending}
      problem={lift.error}
    >
      <p>
        {freeze.state === 'planned' ? 'It will not close' : 'It opens'} {scopeWords(freeze)} at once
        {freeze.weekly && ', and the weeks to come are open as well'}. Requests that wait only for this go on by themselves.
      </p>
    </ConfirmDialog>
  )
}

/** "orders in prod", "every application in prod", "everything". */
export function scopeWords({ application, environment }: Pick<FreezeView, 'application' | 'environment'>): string {
  if (!application && !environment) return 'everything'
  return `${application?.slug ?? 'every application'} in ${environment?.slug ?? 'every environment'}`
}

function FreezeStatus({ freeze: { state, kind } }: { freeze: FreezeView }): ReactNode {
  if (state === 'planned') {
    return (
      <Status tone="wait" icon={CalendarClock}>
        planned
      </Status>
    )
  }
  if (state === 'closed') {
    return (
      <Status tone="bad" icon={OctagonPause}>
        {kind === 'stop_the_line' ? 'line stopped' : 'closed'}
      </Status>
    )
  }
  return (
    <Status tone="off" icon={LockOpen}>
      {state}
    </Status>
  )
}

function Opens({ freeze: { state, endsAt, liftedAt, liftedBy } }: { freeze: FreezeView }): ReactNode {
  if (state === 'lifted' && liftedAt) {
    return (
      <>
        lifted <RelativeTime at={liftedAt} />
        {liftedBy && ` by ${liftedBy.name}`}
      </>
    )
  }
  return endsAt ? <RelativeTime at={endsAt} /> : <span className="text-ink-2">when it is lifted</span>
}
