'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { RolePicker } from '#components/settings/role-picker'
import { SecretOnce } from '#components/settings/secret-once'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { Dialog } from '#components/ui/dialog'
import { ProblemInView } from '#components/settings/problem-in-view'
import { TextField } from '#components/ui/text-field'
import { invitationHours, type CreatedInvitation } from '#lib/access/invitation'
import type { Role } from '#lib/access/permissions'

/** Makes a link that lets one person in, once. There is no mail: the link is shown here and handed over by hand. */
export function InviteDialog({ tenant, onClose }: { tenant: string; onClose: () => void }): ReactNode {
  const [email, setEmail] = useState('')
  const [chosen, setChosen] = useState<Role[]>(['developer'])
  const invite = useChange(
    (body: { email: string; roles: Role[] }) => apiSend<CreatedInvitation>('POST', tenantPath(tenant, 'invitations'), body),
    [tenantKey(tenant, 'settings')],
  )
  const made = invite.data
  const missing = email.trim() === '' ? 'Type an email address first.' : chosen.length === 0 ? 'Choose a role.' : undefined
  const foot = made ? (
    <Button tone="primary" onClick={onClose}>
      Done
    </Button>
  ) : (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button tone="primary" busy={invite.isPending} disabledReason={missing} onClick={() => invite.mutate({ email, roles: chosen })}>
        Make the link
      </Button>
    </>
  )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={made ? `A link for ${made.email}` : 'Invite somebody'}
      description={made ? undefined : `A link that works once, within ${invitationHours} hours. Nothing is mailed: you hand it over.`}
      foot={foot}
    >
      {made ? (
        <SecretOnce title="Shown once, now" secret={made.url} copyLabel="Copy the link">
          Hand it to {made.email} by a way you trust. It works once and ends in {invitationHours} hours; until then it can be revoked.
        </SecretOnce>
      ) : (
        <div className="grid gap-4">
          <TextField
            label="Email"
            type="email"
            autoComplete="off"
            value={email}
            error={invite.error?.field('email')}
            onChange={(event) => setEmail(event.target.value)}
          />
          <RolePicker legend="Roles" value={chosen} onChange={setChosen} error={invite.error?.field('roles')} />
          {invite.error && <ProblemInView problem={invite.error} title="No link was made" />}
        </div>
      )}
    </Dialog>
  )
}
