'use client'
import { clsx } from 'clsx'
import type { ComponentProps, ReactNode } from 'react'
import { controlClass, Field, type FieldWords } from '#components/ui/field'

interface TextareaProps extends Omit<ComponentProps<'textarea'>, 'children'>, FieldWords {
  isMono?: boolean
}

export function Textarea({ label, hint, error, isLabelHidden, isMono = false, className, ...rest }: TextareaProps): ReactNode {
  return (
    <Field label={label} hint={hint} error={error} isLabelHidden={isLabelHidden}>
      {(control) => (
        <textarea rows={4} {...rest} {...control} className={clsx(controlClass, 'resize-y py-1.5', isMono && 'font-mono text-sm', className)} />
      )}
    </Field>
  )
}
