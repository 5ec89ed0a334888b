'use client'
import type { ReactNode } from 'react'
import { EndRow } from '#components/freezes/end-row'
import { Ended } from '#components/freezes/ended'
import { gateName } from '#components/gates/gate-words'
import { DataTable, type Column } from '#components/ui/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { RelativeTime } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import type { WaiverView } from '#lib/promotions/waiver'

/** Exceptions to gates: whose, why, until when; one that stands can be ended. */
export function WaiverTable({ tenant, waivers }: { tenant: string; waivers: readonly WaiverView[] }): ReactNode {
  const columns: readonly Column<WaiverView>[] = [
    { key: 'what', head: 'Gate', isName: true, cell: (waiver) => waiverWords(waiver) },
    { key: 'state', head: 'State', cell: ({ state }) => <Status tone={state === 'standing' ? 'waived' : 'off'}>{state}</Status> },
    { key: 'reason', head: 'Reason', cell: ({ reason }) => <span className="break-words">{reason}</span> },
    {
      key: 'by',
      head: 'Granted by',
      cell: ({ grantedBy, grantedAt }) => (
        <>
          {grantedBy.name}, <RelativeTime at={grantedAt} />
        </>
      ),
    },
    { key: 'ends', head: 'Ends', cell: (waiver) => <Ends waiver={waiver} /> },
    {
      key: 'revoke',
      head: <span className="sr-only">Revoke</span>,
      align: 'end',
      cell: (waiver) =>
        waiver.state === 'standing' && (
          <EndRow
            tenant={tenant}
            path={['waivers', waiver.id, 'revocations']}
            may={waiver.mayRevoke}
            verb="Revoke"
            of={`the waiver of ${waiverWords(waiver)}`}
            title="Revoke this waiver?"
          >
            {waiverWords(waiver)} is asked again at once. Plans that used the exception move, so approvals of them are void.
          </EndRow>
        ),
    },
  ]
  const empty = (
    <EmptyState isSlim title="No waiver stands">
      An approver grants one from the page of a promotion whose gate fails.
    </EmptyState>
  )
  return <DataTable caption="Waivers" columns={columns} rows={waivers} rowKey={({ id }) => id} empty={empty} />
}

function waiverWords({ gate, application, environment }: WaiverView): string {
  return `${gateName(gate)} for ${application.slug} in ${environment.slug}`
}

function Ends({ waiver: { endsAt, revokedAt, revokedBy } }: { waiver: WaiverView }): ReactNode {
  return revokedAt ? <Ended how="revoked" at={revokedAt} by={revokedBy} /> : <RelativeTime at={endsAt} />
}
