'use client'
import { clsx } from 'clsx'
import type { ComponentProps, ReactNode } from 'react'
import { controlClass, Field, type FieldWords } from '#components/ui/field'

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'children'>, FieldWords {
  /** Identifiers, digests, commands. */
  isMono?: boolean
}

export function TextField({ label, hint, error, isLabelHidden, isMono = false, className, ...rest }: TextFieldProps): ReactNode {
  return (
    <Field label={label} hint={hint} error={error} isLabelHidden={isLabelHidden}>
      {(control) => <input type="text" {...rest} {...control} className={clsx(controlClass, 'h-8', isMono && 'font-mono', className)} />}
    </Field>
  )
}
