'use client'
import type { ReactNode } from 'react'
import { Checkbox } from '#components/ui/checkbox'

interface CheckboxGroupProps {
  legend: string
  /** What the choice means as it is now. */
  says?: string
  options: readonly { value: string; hint?: string }[]
  value: readonly string[]
  onChange: (value: string[]) => void
}

/** Any number of a few names; with hints in two columns, else in one line. */
export function CheckboxGroup({ legend, says, options, value, onChange }: CheckboxGroupProps): ReactNode {
  const isLong = options.some(({ hint }) => hint)
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1 text-sm font-[550] text-ink-2">{legend}</legend>
      {says && <p className="text-sm text-ink-3">{says}</p>}
      <div className={isLong ? 'grid items-start gap-x-4 gap-y-2 sm:grid-cols-2' : 'flex flex-wrap gap-x-4 gap-y-1.5'}>
        {options.map(({ value: one, hint }) => (
          <Checkbox
            key={one}
            label={one}
            hint={hint}
            checked={value.includes(one)}
            onChange={(event) => onChange(event.target.checked ? [...value, one] : value.filter((each) => each !== one))}
          />
        ))}
      </div>
    </fieldset>
  )
}
