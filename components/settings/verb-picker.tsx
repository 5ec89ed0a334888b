'use client'
import type { ReactNode } from 'react'
import { verbGroups } from '#components/settings/verb-groups'

interface VerbPickerProps {
  /** What a token of the reader's could hold. */
  offered: readonly string[]
  value: readonly string[]
  onChange: (verbs: string[]) => void
}

/** What a token may do, grouped by what it is about. */
export function VerbPicker({ offered, value, onChange }: VerbPickerProps): ReactNode {
  const toggle = (verb: string): void => onChange(value.includes(verb) ? value.filter((one) => one !== verb) : [...value, verb])
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1 text-sm font-[550] text-ink-2">What it may do</legend>
      <p className="text-sm text-ink-3">Every token may see the board, releases and environments. None may approve, sign, or let others in.</p>
      <div className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        {verbGroups(offered).map(({ title, verbs }) => (
          <div key={title} role="group" aria-label={title} className="grid content-start gap-1">
            <p className="text-sm font-[600] text-ink-2">{title}</p>
            {verbs.map(({ verb, says }) => (
              <label key={verb} className="flex items-start gap-2">
                <input
                  type="checkbox"
                  checked={value.includes(verb)}
                  onChange={() => toggle(verb)}
                  className="mt-0.5 size-3.5 shrink-0 accent-accent"
                />
                <span>
                  {says.charAt(0).toUpperCase() + says.slice(1)} <code className="font-mono text-xs text-ink-3">{verb}</code>
                </span>
              </label>
            ))}
          </div>
        ))}
      </div>
    </fieldset>
  )
}
