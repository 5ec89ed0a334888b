'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { RolePicker } from '#components/settings/role-picker'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { Dialog } from '#components/ui/dialog'
import { ProblemInView } from '#components/settings/problem-in-view'
import { TextField } from '#components/ui/text-field'
import type { Role } from '#lib/access/permissions'

/** The one way from the platform into a tenant: a membership of one's own, with a reason in the tenant's own log. */
export function JoinTenantDialog({ slug, onClose }: { slug: string | undefined; onClose: () => void }): ReactNode {
  return slug === undefined ? null : <JoinForm slug={slug} onClose={onClose} />
}

function JoinForm({ slug, onClose }: { slug: string; onClose: () => void }): ReactNode {
  const [chosen, setChosen] = useState<Role[]>(['viewer'])
  const [reason, setReason] = useState('')
  const join = useChange(
    (body: { roles: Role[]; reason: string }) => apiSend('POST', `/platform/tenants/${encodeURIComponent(slug)}/memberships`, body),
    [['me'], ['tenants'], ['platform']],
  )
  const missing = chosen.length === 0 ? 'Choose a role.' : reason.trim().length < 3 ? 'Say why first; it stands in the log of the tenant.' : undefined
  const foot = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button
        tone="primary"
        busy={join.isPending}
        disabledReason={missing}
        onClick={() => join.mutate({ roles: chosen, reason }, { onSuccess: onClose })}
      >
        Join {slug}
      </Button>
    </>
  )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Join ${slug}`}
      description="A platform admin sees nothing in a tenant without a membership. This makes one, and the tenant’s log says so with your reason."
      foot={foot}
    >
      <div className="grid gap-4">
        <TextField
          label="Reason"
          placeholder="Incident, request of its admin, …"
          value={reason}
          error={join.error?.field('reason')}
          onChange={(event) => setReason(event.target.value)}
        />
        <RolePicker legend="Roles" value={chosen} onChange={setChosen} error={join.error?.field('roles')} />
        {join.error && <ProblemInView problem={join.error} title="You did not join" />}
      </div>
    </Dialog>
  )
}
