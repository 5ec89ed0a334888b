'use client'
import { Hand } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState, type ReactNode } from 'react'
import { Ended } from '#components/freezes/ended'
import { ForActors } from '#components/layout/reader'
import { why } from '#components/promotion/promotion-acts'
import { Button } from '#components/ui/button'
import { DataTable, type Column } from '#components/ui/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { RelativeTime } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import type { HoldView } from '#lib/promotions/hold'

// Its code comes when it is opened.
const LiftHoldDialog = dynamic(async () => (await import('#components/holds/lift-hold-dialog')).LiftHoldDialog, { ssr: false })

/** Places that nothing new comes to: since when, why, who lifted them. */
export function HoldTable({ tenant, holds }: { tenant: string; holds: readonly HoldView[] }): ReactNode {
  const [lifted, setLifted] = useState<HoldView | null>(null)
  const columns: readonly Column<HoldView>[] = [
    { key: 'place', head: 'Place', isName: true, cell: placeWords },
    {
      key: 'state',
      head: 'State',
      cell: ({ state }) => (
        <Status tone={state === 'standing' ? 'wait' : 'off'} icon={Hand}>
          {state === 'standing' ? 'held' : 'lifted'}
        </Status>
      ),
    },
    { key: 'reason', head: 'Reason', cell: ({ reason }) => <span className="break-words">{reason}</span> },
    {
      key: 'by',
      head: 'Set by',
      cell: ({ setBy, setAt }) => (
        <>
          {setBy.name}, <RelativeTime at={setAt} />
        </>
      ),
    },
    { key: 'lifted', head: 'Lifted', cell: (hold) => <Lifted hold={hold} /> },
    {
      key: 'lift',
      head: <span className="sr-only">Lift</span>,
      align: 'end',
      cell: (hold) =>
        hold.state === 'standing' && (
          <ForActors>
            <Button size="sm" disabledReason={why(hold.mayLift)} onClick={() => setLifted(hold)} aria-label={`Lift the hold of ${placeWords(hold)}`}>
              Lift
            </Button>
          </ForActors>
        ),
    },
  ]
  const empty = (
    <EmptyState isSlim title="Nothing is held">
      After a rollback its place is held, until somebody lets new things in again.
    </EmptyState>
  )
  return (
    <>
      <DataTable caption="Holds" columns={columns} rows={holds} rowKey={({ id }) => id} empty={empty} />
      {lifted && <LiftHoldDialog tenant={tenant} place={placeWords(lifted)} hold={lifted} onClose={() => setLifted(null)} />}
    </>
  )
}

function placeWords({ application, environment }: HoldView): string {
  return `${application.slug} in ${environment.slug}`
}

function Lifted({ hold: { liftedAt, liftedBy, liftReason } }: { hold: HoldView }): ReactNode {
  if (!liftedAt) return <span className="text-ink-3">not yet</span>
  return (
    <span className="break-words">
      <Ended at={liftedAt} by={liftedBy} />: {liftReason}
    </span>
  )
}
