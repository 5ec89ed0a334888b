import type { ReactNode } from 'react'
import { roleSays, roleTitle } from '#components/settings/role-words'
import { roles } from '#lib/access/permissions'

/** What each role lets one do, from the table that the server refuses by. */
export function RoleTable(): ReactNode {
  return (
    <details className="mt-8 rounded-3 border bg-surface">
      <summary className="px-4 py-2.5 font-[550] text-ink-2">What each role lets one do</summary>
      <dl className="grid gap-x-4 border-t px-4 py-3 sm:grid-cols-[140px_1fr]">
        {roles.map((role) => (
          <div key={role} className="contents">
            <dt className="pt-1 font-[550]">{roleTitle(role)}</dt>
            <dd className="pb-2 text-ink-2 sm:pt-1">{roleSays(role)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
