import type { ReactNode } from 'react'
import { ForActors } from '#components/layout/reader'
import { RoleChips } from '#components/settings/role-chips'
import { Button } from '#components/ui/button'
import type { Column } from '#components/ui/data-table'
import { RelativeTime } from '#components/ui/relative-time'
import { Status, statusIcons } from '#components/ui/status'
import type { MemberView } from '#lib/access/member'

type Act = (member: MemberView) => void

/** What the table of members shows. `reason` tells why the reader may change nobody. */
export function memberColumns(reason: string | undefined, onEdit: Act, onRemove: Act): Column<MemberView>[] {
  return [
    { key: 'name', head: 'Name', isName: true, cell: (row) => <Name member={row} /> },
    { key: 'email', head: 'Email', cell: (row) => <span className="max-sm:break-all sm:whitespace-nowrap">{row.email}</span> },
    { key: 'roles', head: 'Roles', cell: (row) => <RoleChips roles={row.roles} /> },
    {
      key: 'environments',
      head: 'Environments',
      cell: (row) => (row.environments.length === 0 ? <span className="text-ink-3">all</span> : row.environments.join(', ')),
    },
    {
      key: 'joined',
      head: 'Joined',
      cell: (row) => (
        <span className="whitespace-nowrap">
          <RelativeTime at={row.joinedAt} />
        </span>
      ),
    },
    {
      key: 'act',
      head: <span className="sr-only">Acts</span>,
      align: 'end',
      cell: (row) => (
        <ForActors>
          <span className="flex gap-1.5 sm:justify-end">
            <Button size="sm" aria-label={`Change the roles of ${row.name}`} disabledReason={reason} onClick={() => onEdit(row)}>
              Roles
            </Button>
            <Button size="sm" tone="danger" aria-label={`Remove ${row.name}`} disabledReason={reason} onClick={() => onRemove(row)}>
              Remove
            </Button>
          </span>
        </ForActors>
      ),
    },
  ]
}

function Name({ member }: { member: MemberView }): ReactNode {
  return (
    <span className="flex flex-wrap items-baseline gap-x-2">
      <span>
        {member.name}
        {member.isYou && <span className="font-normal text-ink-3"> (you)</span>}
      </span>
      {member.isDisabled && (
        <Status tone="off" icon={statusIcons.ban}>
          disabled
        </Status>
      )}
    </span>
  )
}
