'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { apiSend, type Problem } from '#components/api'
import { gateName } from '#components/gates/gate-words'
import { ForActors } from '#components/layout/reader'
import { tenantPath } from '#components/live'
import { why } from '#components/promotion/promotion-acts'
import { Button } from '#components/ui/button'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { DataTable, type Column } from '#components/ui/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { RelativeTime } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import type { WaiverView } from '#lib/promotions/waiver'

/** Exceptions to gates: whose, why, until when; one that stands can be ended. */
export function WaiverTable({ tenant, waivers }: { tenant: string; waivers: readonly WaiverView[] }): ReactNode {
  const [revoked, setRevoked] = useState<WaiverView | null>(null)
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
          <ForActors>
            <Button
              size="sm"
              disabledReason={why(waiver.mayRevoke)}
              onClick={() => setRevoked(waiver)}
              aria-label={`Revoke the waiver of ${waiverWords(waiver)}`}
            >
              Revoke
            </Button>
          </ForActors>
        ),
    },
  ]
  const empty = (
    <EmptyState isSlim title="No waiver stands">
      An approver grants one from the page of a promotion whose gate fails.
    </EmptyState>
  )
  return (
    <>
      <DataTable caption="Waivers" columns={columns} rows={waivers} rowKey={({ id }) => id} empty={empty} />
      {revoked && <RevokeDialog tenant={tenant} waiver={revoked} onClose={() => setRevoked(null)} />}
    </>
  )
}

function waiverWords({ gate, application, environment }: WaiverView): string {
  return `${gateName(gate)} for ${application.slug} in ${environment.slug}`
}

function Ends({ waiver: { endsAt, revokedAt, revokedBy } }: { waiver: WaiverView }): ReactNode {
  if (!revokedAt) return <RelativeTime at={endsAt} />
  return (
    <>
      revoked <RelativeTime at={revokedAt} />
      {revokedBy && ` by ${revokedBy.name}`}
    </>
  )
}

function RevokeDialog({ tenant, waiver, onClose }: { tenant: string; waiver: WaiverView; onClose: () => void }): ReactNode {
  const client = useQueryClient()
  const revoke = useMutation<WaiverView, Problem, undefined>({
    mutationFn: () => apiSend<WaiverView>('POST', tenantPath(tenant, 'waivers', waiver.id, 'revocations')),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['t', tenant] })
      onClose()
    },
  })
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      onConfirm={() => revoke.mutate(undefined)}
      title="Revoke this waiver?"
      confirmLabel="Revoke it"
      busy={revoke.isPending}
      problem={revoke.error}
    >
      <p>{waiverWords(waiver)} is asked again at once. Plans that used the exception move, so approvals of them are void.</p>
    </ConfirmDialog>
  )
}
