'use client'
import { clsx } from 'clsx'
import { ChevronDown } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { controlClass, Field, type FieldWords } from '#components/ui/field'

export interface SelectOption<V extends string = string> {
  value: V
  label: string
  /** Why it cannot be chosen, in the list itself. */
  disabledReason?: string | undefined
}

interface SelectProps<V extends string> extends Omit<ComponentProps<'select'>, 'children' | 'onChange' | 'value'>, FieldWords {
  value: V
  options: readonly SelectOption<V>[]
  onChange: (value: V) => void
}

/** The browser's own list: every keyboard, phone and screen reader knows it. */
export function Select<V extends string>({
  label,
  hint,
  error,
  isLabelHidden,
  options,
  value,
  onChange,
  className,
  ...rest
}: SelectProps<V>): ReactNode {
  return (
    <Field label={label} hint={hint} error={error} isLabelHidden={isLabelHidden}>
      {(control) => (
        <span className="relative grid">
          <select
            {...rest}
            {...control}
            value={value}
            onChange={(event) => onChange(event.target.value as V)}
            className={clsx(controlClass, 'h-8 appearance-none pr-8', className)}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value} disabled={option.disabledReason !== undefined}>
                {option.disabledReason === undefined ? option.label : `${option.label}: ${option.disabledReason}`}
              </option>
            ))}
          </select>
          <ChevronDown aria-hidden size={14} className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-ink-3" />
        </span>
      )}
    </Field>
  )
}
