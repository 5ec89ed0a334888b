'use client'
import { useState, type ReactNode } from 'react'
import { ActDialog, type ActDialogProps } from '#components/ui/act-dialog'
import { TextField } from '#components/ui/text-field'

interface ConfirmDialogProps<Input, Answer> extends ActDialogProps<Input, Answer> {
  /** Must be typed first: the slug of what is destroyed. */
  typed?: string | undefined
}

/** Asks before an act that cannot be undone: what will happen, and what will not. */
export function ConfirmDialog<Input, Answer>({ typed, missing, children, ...rest }: ConfirmDialogProps<Input, Answer>): ReactNode {
  const [words, setWords] = useState('')
  return (
    <ActDialog size="sm" tone="danger" {...rest} missing={[missing, typed !== undefined && words !== typed && `Type ${typed} first.`].flat()}>
      <div className="grid gap-3 text-ink-2">
        {children}
        {typed !== undefined && (
          <TextField
            label={
              <>
                Type <code className="font-mono text-ink">{typed}</code> to go on
              </>
            }
            isMono
            autoComplete="off"
            spellCheck={false}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        )}
      </div>
    </ActDialog>
  )
}
