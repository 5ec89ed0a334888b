'use client'
import { UserPlus } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { ForActors } from '#components/layout/reader'
import { useAct } from '#components/layout/use-act'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { Invitations } from '#components/settings/invitations'
import { memberColumns } from '#components/settings/member-columns'
import { RoleTable } from '#components/settings/role-table'
import { useChange } from '#components/tenant/use-change'
import { useReason } from '#components/tenant/use-tenant'
import { Button } from '#components/ui/button'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { CopyLine } from '#components/ui/copy-line'
import { DataTable } from '#components/ui/data-table'
import { ProblemNotice } from '#components/ui/problem-notice'
import { Section } from '#components/ui/section'
import { SkeletonRows } from '#components/ui/skeleton'
import type { MemberView } from '#lib/access/member'

// Their code comes when they are opened.
const InviteDialog = dynamic(async () => (await import('#components/settings/invite-dialog')).InviteDialog, { ssr: false })
const MemberDialog = dynamic(async () => (await import('#components/settings/member-dialog')).MemberDialog, { ssr: false })

/** Who works in the tenant, what each may do, and who is invited. */
export function MembersPage({ tenant }: { tenant: string }): ReactNode {
  const [editing, setEditing] = useState<MemberView>()
  const [removing, setRemoving] = useState<MemberView>()
  const reasonFor = useReason(tenant)
  const reason = reasonFor('member.manage')
  const [isInviting, setInviting] = useAct('invite', reason)
  const members = useApi<{ items: MemberView[] }>(tenantKey(tenant, 'settings', 'members'), tenantPath(tenant, 'members'))
  const remove = useChange((id: string) => apiSend('DELETE', tenantPath(tenant, 'members', id)), [tenantKey(tenant, 'settings'), ['me']])
  const invite = (
    <ForActors>
      <Button tone="primary" size="sm" icon={UserPlus} disabledReason={reason} onClick={() => setInviting(true)}>
        Invite somebody
      </Button>
    </ForActors>
  )
  return (
    <>
      <Section title={members.data ? `${members.data.items.length} members` : 'Members'} aside={invite}>
        {members.error && <ProblemNotice problem={members.error} title="The members could not be listed" />}
        {!members.data && !members.error && <SkeletonRows label="Loading the members" rows={4} />}
        {members.data && (
          <DataTable caption="Members" columns={memberColumns(reason, setEditing, setRemoving)} rows={members.data.items} rowKey={({ id }) => id} />
        )}
      </Section>
      <Invitations tenant={tenant} closed={reasonFor('settings.read')} reason={reason} />
      <RoleTable />
      <div className="mt-6">
        <CopyLine line={`caisson api GET /tenants/${tenant}/members`} />
      </div>
      {isInviting && <InviteDialog tenant={tenant} onClose={() => setInviting(false)} />}
      {editing && <MemberDialog tenant={tenant} member={editing} onClose={() => setEditing(undefined)} />}
      {removing && (
        <ConfirmDialog
          change={remove}
          input={removing.id}
          onClose={() => setRemoving(undefined)}
          title={`Remove ${removing.name} from ${tenant}`}
          act="Remove the member"
        >
          <p>Their sessions and the tokens that they made are nobody here from the next request on. What they did keeps their name in the log.</p>
        </ConfirmDialog>
      )}
    </>
  )
}
