'use client'
import { clsx } from 'clsx'
import { CircleAlert } from 'lucide-react'
import { useId, type ReactNode } from 'react'

/** What every input shows around itself. */
export interface FieldWords {
  label: ReactNode
  hint?: ReactNode
  /** What is wrong with it, in words; undefined or '' when it is fine. */
  error?: string | undefined
  /** The label is for screen readers only: where a heading or a column already says it. */
  isLabelHidden?: boolean | undefined
}

interface ControlAttributes {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

export const controlClass =
  'w-full rounded-2 border border-line-strong bg-surface px-2.5 text-md text-ink transition-colors duration-(--quick) hover:border-ink-3 focus-visible:outline-offset-0 aria-invalid:border-bad disabled:bg-off-soft disabled:text-ink-3 [&[readonly]]:bg-sunken'

/** Label, control, hint and error, tied together for those who do not see them. */
export function Field({
  label,
  hint,
  error,
  isLabelHidden,
  children,
}: FieldWords & { children: (control: ControlAttributes) => ReactNode }): ReactNode {
  const id = useId()
  const describedBy = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className="grid min-w-0 grid-cols-1 content-start gap-1">
      <label htmlFor={id} className={clsx('text-sm font-[550] text-ink-2', isLabelHidden && 'sr-only')}>
        {label}
      </label>
      {children({ id, 'aria-describedby': describedBy || undefined, 'aria-invalid': error ? true : undefined })}
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-ink-3">
          {hint}
        </p>
      )}
      {error && <FieldError id={`${id}-error`} words={error} />}
    </div>
  )
}

export function FieldError({ id, words }: { id: string; words: string }): ReactNode {
  return (
    <p id={id} className="flex items-start gap-1.5 text-sm text-bad">
      <CircleAlert aria-hidden size={13} className="mt-0.5 shrink-0" />
      {words}
    </p>
  )
}
