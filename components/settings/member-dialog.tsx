'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { RolePicker } from '#components/settings/role-picker'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { Checkbox } from '#components/ui/checkbox'
import { Dialog } from '#components/ui/dialog'
import { ProblemInView } from '#components/settings/problem-in-view'
import type { MemberView } from '#lib/access/member'
import type { Role } from '#lib/access/permissions'
import type { EnvironmentView } from '#lib/tenants/environment'

interface Draft {
  roles: Role[]
  environments: string[]
}

/** Changes what a member may do, and where. */
export function MemberDialog({ tenant, member, onClose }: { tenant: string; member: MemberView; onClose: () => void }): ReactNode {
  const [draft, setDraft] = useState<Draft>({ roles: member.roles as Role[], environments: member.environments })
  const all = useApi<{ items: EnvironmentView[] }>(tenantKey(tenant, 'board', 'environments'), tenantPath(tenant, 'environments'))
  const change = useChange(
    (body: Draft) => apiSend<MemberView>('PATCH', tenantPath(tenant, 'members', member.id), body),
    [tenantKey(tenant, 'settings'), ['me']],
  )
  const foot = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button
        tone="primary"
        busy={change.isPending}
        disabledReason={draft.roles.length === 0 ? 'Choose a role; to take all of them, remove the member.' : undefined}
        onClick={() => change.mutate(draft, { onSuccess: onClose })}
      >
        Save the roles
      </Button>
    </>
  )
  const toggle = (slug: string): void => {
    const { environments } = draft
    setDraft({ ...draft, environments: environments.includes(slug) ? environments.filter((one) => one !== slug) : [...environments, slug] })
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Roles of ${member.name}`}
      description={`${member.email}. It counts from their next request on.`}
      foot={foot}
    >
      <div className="grid gap-5">
        <RolePicker legend="Roles" value={draft.roles} onChange={(roles) => setDraft({ ...draft, roles })} error={change.error?.field('roles')} />
        <fieldset className="grid gap-1.5">
          <legend className="mb-1 text-sm font-[550] text-ink-2">Only in these environments</legend>
          <p className="text-sm text-ink-3">
            {draft.environments.length === 0 ? 'None is ticked: the roles count in all of them.' : 'The roles count in the ticked ones only.'}
          </p>
          <div className="flex flex-wrap gap-x-4 gap-y-1.5">
            {all.data?.items.map(({ slug }) => (
              <Checkbox key={slug} label={slug} checked={draft.environments.includes(slug)} onChange={() => toggle(slug)} />
            ))}
          </div>
        </fieldset>
        {change.error && <ProblemInView problem={change.error} title="The roles were not changed" />}
      </div>
    </Dialog>
  )
}
