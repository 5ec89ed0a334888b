'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { ForActors } from '#components/layout/reader'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { RoleChips } from '#components/settings/role-chips'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { DataTable, type Column } from '#components/ui/data-table'
import { ProblemNotice } from '#components/ui/problem-notice'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { SkeletonRows } from '#components/ui/skeleton'
import { Status, statusIcons, type StatusTone } from '#components/ui/status'
import type { InvitationState, InvitationView } from '#lib/access/invitation'

const tones: Record<InvitationState, StatusTone> = { open: 'wait', accepted: 'ok', revoked: 'off', expired: 'off' }

interface InvitationsProps {
  tenant: string
  /** Why the reader may not see them. */
  closed: string | undefined
  /** Why the reader may not revoke them. */
  reason: string | undefined
}

/** Links that were made: open ones first, with what became of the others. */
export function Invitations({ tenant, closed, reason }: InvitationsProps): ReactNode {
  const [revoking, setRevoking] = useState<InvitationView>()
  const [isAllShown, setAllShown] = useState(false)
  const list = useApi<{ items: InvitationView[] }>(tenantKey(tenant, 'settings', 'invitations'), tenantPath(tenant, 'invitations'), {
    isEnabled: closed === undefined,
  })
  const revoke = useChange((id: string) => apiSend('DELETE', tenantPath(tenant, 'invitations', id)), [tenantKey(tenant, 'settings')])
  if (closed !== undefined) return null
  const open = list.data?.items.filter(({ state }) => state === 'open') ?? []
  const rows = isAllShown ? (list.data?.items ?? []) : open
  const columns: Column<InvitationView>[] = [
    { key: 'email', head: 'Invited', isName: true, cell: (row) => row.email },
    { key: 'roles', head: 'Roles', cell: (row) => <RoleChips roles={row.roles} /> },
    { key: 'state', head: 'State', cell: (row) => <StateOf row={row} /> },
    { key: 'made', head: 'Made', cell: (row) => <RelativeTime at={row.createdAt} /> },
    { key: 'ends', head: 'Link ends', cell: (row) => <RelativeTime at={row.expiresAt} /> },
    {
      key: 'act',
      head: <span className="sr-only">Acts</span>,
      align: 'end',
      cell: (row) =>
        row.state === 'open' && (
          <ForActors>
            <Button size="sm" aria-label={`Revoke the invitation of ${row.email}`} disabledReason={reason} onClick={() => setRevoking(row)}>
              Revoke
            </Button>
          </ForActors>
        ),
    },
  ]
  const ended = (list.data?.items.length ?? 0) - open.length
  return (
    <Section
      title="Open invitations"
      className="mt-8"
      aside={
        ended > 0 && (
          <Button tone="quiet" size="sm" onClick={() => setAllShown(!isAllShown)}>
            {isAllShown ? 'Only open ones' : `And ${ended} that ended`}
          </Button>
        )
      }
    >
      {list.error && <ProblemNotice problem={list.error} title="The invitations could not be listed" />}
      {!list.data && !list.error && <SkeletonRows rows={2} label="Loading the invitations" />}
      {list.data && (
        <DataTable
          caption="Invitations"
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          empty={<p className="text-ink-3">No link is open.{reason === undefined && ' Invite somebody to make one.'}</p>}
        />
      )}
      {revoking && (
        <ConfirmDialog
          change={revoke}
          input={revoking.id}
          onClose={() => setRevoking(undefined)}
          title={`Revoke the invitation of ${revoking.email}`}
          act="Revoke the link"
        >
          <p>The link stops working at once. Another one can be made afterwards.</p>
        </ConfirmDialog>
      )}
    </Section>
  )
}

function StateOf({ row }: { row: InvitationView }): ReactNode {
  return (
    <Status tone={tones[row.state]} icon={row.state === 'open' ? statusIcons.clock : undefined} plain>
      {row.state}
    </Status>
  )
}
