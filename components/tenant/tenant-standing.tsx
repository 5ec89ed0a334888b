import type { ReactNode } from 'react'
import { Status, statusIcons } from '#components/ui/status'

/** Open or suspended. */
export function TenantStanding({ isSuspended }: { isSuspended: boolean }): ReactNode {
  return isSuspended ? (
    <Status tone="bad" icon={statusIcons.ban}>
      suspended
    </Status>
  ) : (
    <Status tone="ok" plain>
      open
    </Status>
  )
}
