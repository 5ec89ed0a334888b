'use client'
import type { ReactNode } from 'react'
import { roleSays, roleTitle } from '#components/settings/role-words'
import { Tooltip } from '#components/ui/tooltip'

/** Roles as words; each says what it lets one do. */
export function RoleChips({ roles }: { roles: readonly string[] }): ReactNode {
  return (
    <span className="flex flex-wrap gap-1">
      {roles.map((role) => (
        <Tooltip key={role} words={roleSays(role)}>
          <button type="button" className="cursor-help rounded-1 border px-1.5 text-sm whitespace-nowrap text-ink-2 hover:border-line-strong">
            {roleTitle(role)}
          </button>
        </Tooltip>
      ))}
    </span>
  )
}
