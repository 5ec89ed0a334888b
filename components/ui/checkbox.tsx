'use client'
import { useId, type ComponentProps, type ReactNode } from 'react'
import { FieldError, type FieldWords } from '#components/ui/field'

interface CheckboxProps extends Omit<ComponentProps<'input'>, 'children' | 'type'>, FieldWords {}

/** A box and its words; the words are part of the target. */
export function Checkbox({ label, hint, error, isLabelHidden, ...rest }: CheckboxProps): ReactNode {
  const id = useId()
  return (
    <div className="grid gap-0.5">
      <label className="flex items-start gap-2">
        <input
          type="checkbox"
          {...rest}
          aria-invalid={error ? true : undefined}
          aria-describedby={[hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined}
          className="mt-0.5 size-3.5 shrink-0 accent-accent"
        />
        <span className={isLabelHidden ? 'sr-only' : undefined}>{label}</span>
      </label>
      {hint && (
        <p id={`${id}-hint`} className="pl-5.5 text-sm text-ink-3">
          {hint}
        </p>
      )}
      {error && <FieldError id={`${id}-error`} words={error} />}
    </div>
  )
}
