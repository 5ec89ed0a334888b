'use client'
import type { ReactNode } from 'react'
import { FieldError } from '#components/ui/field'
import { roleSays, roleTitle } from '#components/settings/role-words'
import { roles, type Role } from '#lib/access/permissions'

interface RolePickerProps {
  legend: string
  value: readonly string[]
  onChange: (roles: Role[]) => void
  /** Without what each lets one do, where that is not the question. */
  isShort?: boolean
  error?: string | undefined
}

/** The roles, each with what it lets one do. */
export function RolePicker({ legend, value, onChange, isShort = false, error }: RolePickerProps): ReactNode {
  const toggle = (role: Role): void => onChange(roles.filter((one) => (one === role ? !value.includes(one) : value.includes(one))))
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-sm font-[550] text-ink-2">{legend}</legend>
      <div className={isShort ? 'flex flex-wrap gap-x-4 gap-y-1.5' : 'grid gap-2'}>
        {roles.map((role) => (
          <label key={role} className="flex items-start gap-2">
            <input type="checkbox" checked={value.includes(role)} onChange={() => toggle(role)} className="mt-0.5 size-3.5 shrink-0 accent-accent" />
            <span>
              <span className="font-[550] text-ink">{roleTitle(role)}</span>
              {!isShort && <span className="block text-sm text-ink-3">{roleSays(role)}</span>}
            </span>
          </label>
        ))}
      </div>
      {error && <FieldError id={`${legend}-error`} words={error} />}
    </fieldset>
  )
}
