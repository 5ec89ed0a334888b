'use client'
import { CalendarClock, LockOpen, OctagonPause } from 'lucide-react'
import type { ReactNode } from 'react'
import { EndRow } from '#components/freezes/end-row'
import { Ended } from '#components/freezes/ended'
import { DataTable, type Column } from '#components/ui/data-table'
import { RelativeTime } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import type { FreezeView } from '#lib/promotions/freeze'
import { weeklyWords } from '#lib/promotions/weekly-words'

interface FreezeTableProps {
  tenant: string
  caption: string
  freezes: readonly FreezeView[]
  empty: ReactNode
}

export function FreezeTable({ tenant, caption, freezes, empty }: FreezeTableProps): ReactNode {
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
          <EndRow
            tenant={tenant}
            path={['freezes', freeze.id, 'lifts']}
            may={freeze.mayLift}
            verb="Lift"
            of={`the freeze of ${scopeWords(freeze)}`}
            title="Lift this freeze?"
            tone="primary"
          >
            {freeze.state === 'planned' ? 'It will not close' : 'It opens'} {scopeWords(freeze)} at once
            {freeze.weekly && ', and the weeks to come are open as well'}. Requests that wait only for this go on by themselves.
          </EndRow>
        ),
    },
  ]
  return <DataTable caption={caption} columns={columns} rows={freezes} rowKey={({ id }) => id} empty={empty} />
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
  if (state === 'lifted' && liftedAt) return <Ended how="lifted" at={liftedAt} by={liftedBy} />
  return endsAt ? <RelativeTime at={endsAt} /> : <span className="text-ink-2">when it is lifted</span>
}
