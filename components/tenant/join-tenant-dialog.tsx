'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { RolePicker } from '#components/settings/role-picker'
import { useChange } from '#components/tenant/use-change'
import { ActDialog } from '#components/ui/act-dialog'
import { fieldsOf } from '#components/ui/draft-field'
import { TextField } from '#components/ui/text-field'
import type { Role } from '#lib/access/permissions'

/** The one way from the platform into a tenant: a membership of one's own, with a reason in the tenant's own log. */
export function JoinTenantDialog({ slug, onClose }: { slug: string; onClose: () => void }): ReactNode {
  const [draft, setDraft] = useState({ roles: ['viewer'] as Role[], reason: '' })
  const join = useChange(
    (body: typeof draft) => apiSend('POST', `/platform/tenants/${encodeURIComponent(slug)}/memberships`, body),
    [['me'], ['tenants'], ['platform']],
  )
  return (
    <ActDialog
      change={join}
      input={draft}
      onClose={onClose}
      title={`Join ${slug}`}
      description="A platform admin sees nothing in a tenant without a membership. This makes one, and the tenant’s log says so with your reason."
      act={`Join ${slug}`}
      missing={[draft.roles.length === 0 && 'Choose a role.', draft.reason.trim().length < 3 && 'Say why first; it stands in the log of the tenant.']}
      failed="You did not join"
    >
      <TextField label="Reason" placeholder="Incident, request of its admin, …" {...fieldsOf(draft, setDraft, join.error)('reason')} />
      <RolePicker legend="Roles" value={draft.roles} onChange={(roles) => setDraft({ ...draft, roles })} error={join.error?.field('roles')} />
    </ActDialog>
  )
}
