'use client'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { AddRow } from '#components/ui/add-row'
import { IconButton } from '#components/ui/icon-button'
import { TextField } from '#components/ui/text-field'

interface Variable {
  key: string
  value: string
}

interface VariableRowsProps {
  rows: readonly Variable[]
  onChange: (rows: Variable[]) => void
}

/** Environment variables, a row each. */
export function VariableRows({ rows, onChange }: VariableRowsProps): ReactNode {
  const edit = (index: number, change: Partial<Variable>): void => onChange(rows.map((row, at) => (at === index ? { ...row, ...change } : row)))
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1 text-sm font-[550] text-ink-2">Environment</legend>
      {rows.length === 0 && <p className="text-sm text-ink-3">None.</p>}
      {rows.map((row, index) => (
        // A row has no name of its own while it is typed: its place is what it is.
        <div key={index} data-row className="flex items-start gap-1.5">
          <div className="w-2/5">
            <TextField
              label={`Name ${index + 1}`}
              isLabelHidden
              isMono
              placeholder="SERVER_PORT"
              value={row.key}
              onChange={(event) => edit(index, { key: event.target.value })}
            />
          </div>
          <div className="flex-1">
            <TextField
              label={`Value ${index + 1}`}
              isLabelHidden
              isMono
              value={row.value}
              onChange={(event) => edit(index, { value: event.target.value })}
            />
          </div>
          <IconButton icon={X} label={`Leave out ${row.key || 'the variable'}`} onClick={() => onChange(rows.filter((_row, at) => at !== index))} />
        </div>
      ))}
      <AddRow onAdd={() => onChange([...rows, { key: '', value: '' }])}>Add a variable</AddRow>
    </fieldset>
  )
}
