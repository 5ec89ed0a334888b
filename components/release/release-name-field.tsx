'use client'
import type { ReactNode } from 'react'
import { Button } from '#components/ui/button'
import { TextField } from '#components/ui/text-field'

interface ReleaseNameFieldProps {
  value: string
  onChange: (name: string) => void
  /** What the file is called; '' when that says nothing. */
  suggested: string
  error: string | undefined
}

/** vX.Y.Z, a preview of it, or nothing at all. */
export function ReleaseNameField({ value, onChange, suggested, error }: ReleaseNameFieldProps): ReactNode {
  return (
    <TextField
      label="Release name"
      hint={
        suggested && value !== suggested ? (
          <span className="flex flex-wrap items-center gap-2">
            Empty: the content names itself.
            <Button size="sm" tone="quiet" onClick={() => onChange(suggested)}>
              Use {suggested}, as the file says
            </Button>
          </span>
        ) : (
          'vX.Y.Z or vX.Y.Z-previewN. Empty: sha-… of the content.'
        )
      }
      isMono
      autoComplete="off"
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.target.value.trim())}
      error={error}
    />
  )
}
