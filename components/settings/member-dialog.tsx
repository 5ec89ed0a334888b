'use client'
import { ActDialog } from '#components/ui/act-dialog'
import { CheckboxGroup } from '#components/ui/checkbox-group'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { RolePicker } from '#components/settings/role-picker'
import { useChange } from '#components/tenant/use-change'
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
  return (
    <ActDialog
      change={change}
      input={draft}
      onClose={onClose}
      title={`Roles of ${member.name}`}
      description={`${member.email}. It counts from their next request on.`}
      act="Save the roles"
      missing={draft.roles.length === 0 && 'Choose a role; to take all of them, remove the member.'}
      failed="The roles were not changed"
    >
      <RolePicker legend="Roles" value={draft.roles} onChange={(roles) => setDraft({ ...draft, roles })} error={change.error?.field('roles')} />
      <CheckboxGroup
        legend="Only in these environments"
        says={draft.environments.length === 0 ? 'None is ticked: the roles count in all of them.' : 'The roles count in the ticked ones only.'}
        options={(all.data?.items ?? []).map(({ slug }) => ({ value: slug }))}
        value={draft.environments}
        onChange={(environments) => setDraft({ ...draft, environments })}
      />
    </ActDialog>
  )
}
