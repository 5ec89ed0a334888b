'use client'
import { ActDialog } from '#components/ui/act-dialog'
import { fieldsOf } from '#components/ui/draft-field'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { RolePicker } from '#components/settings/role-picker'
import { SecretOnce } from '#components/settings/secret-once'
import { useChange } from '#components/tenant/use-change'
import { TextField } from '#components/ui/text-field'
import { invitationHours, type CreatedInvitation } from '#lib/access/invitation'
import type { Role } from '#lib/access/permissions'

/** Makes a link that lets one person in, once. There is no mail: the link is shown here and handed over by hand. */
export function InviteDialog({ tenant, onClose }: { tenant: string; onClose: () => void }): ReactNode {
  const [draft, setDraft] = useState({ email: '', roles: ['developer'] as Role[] })
  const invite = useChange(
    (body: typeof draft) => apiSend<CreatedInvitation>('POST', tenantPath(tenant, 'invitations'), body),
    [tenantKey(tenant, 'settings')],
  )
  const made = invite.data
  return (
    <ActDialog
      change={invite}
      input={draft}
      onClose={onClose}
      title={made ? `A link for ${made.email}` : 'Invite somebody'}
      description={made ? undefined : `A link that works once, within ${invitationHours} hours. Nothing is mailed: you hand it over.`}
      act="Make the link"
      missing={[draft.email.trim() === '' && 'Type an email address first.', draft.roles.length === 0 && 'Choose a role.']}
      failed="No link was made"
      result={({ email, url }) => (
        <SecretOnce title="Shown once, now" secret={url} copyLabel="Copy the link">
          Hand it to {email} by a way you trust. It works once and ends in {invitationHours} hours; until then it can be revoked.
        </SecretOnce>
      )}
    >
      <TextField label="Email" type="email" autoComplete="off" {...fieldsOf(draft, setDraft, invite.error)('email')} />
      <RolePicker legend="Roles" value={draft.roles} onChange={(roles) => setDraft({ ...draft, roles })} error={invite.error?.field('roles')} />
    </ActDialog>
  )
}
