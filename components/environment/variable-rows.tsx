'use client'
import { Plus, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ConfigDraft } from '#components/environment/config-draft'
import { Button } from '#components/ui/button'
import { IconButton } from '#components/ui/icon-button'
import { TextField } from '#components/ui/text-field'

type Row = ConfigDraft['variables'][number]

/** The same pattern as the server's, only to say it at the row. */
const keyPattern = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/

/** Environment variables as rows of key and value. */
export function VariableRows({
  rows,
  isReadOnly,
  onChange,
}: {
  rows: readonly Row[]
  isReadOnly: boolean
  onChange: (rows: Row[]) => void
}): ReactNode {
  const put = (changed: Row): void => onChange(rows.map((row) => (row.id === changed.id ? changed : row)))
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-sm font-[550] text-ink-2">Variables</legend>
      {rows.length === 0 && <p className="text-ink-3">None: it runs with those of its release.</p>}
      {rows.map((row, index) => (
        <div
          key={row.id}
          className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-2 max-sm:border-b max-sm:pb-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_auto]"
        >
          <TextField
            label={`Key ${index + 1}`}
            isLabelHidden
            isMono
            placeholder="KEY"
            autoComplete="off"
            spellCheck={false}
            value={row.key}
            onChange={(event) => put({ ...row, key: event.target.value.trim() })}
            error={row.key === '' || keyPattern.test(row.key) ? undefined : 'Letters, digits, _ . and -, no digit first.'}
          />
          <TextField
            label={row.key ? `Value of ${row.key}` : `Value ${index + 1}`}
            isLabelHidden
            isMono
            placeholder="value"
            autoComplete="off"
            spellCheck={false}
            value={row.value}
            onChange={(event) => put({ ...row, value: event.target.value })}
          />
          {!isReadOnly && (
            <IconButton
              icon={Trash2}
              className="max-sm:col-start-2 max-sm:row-start-1"
              label={`Remove ${row.key || `row ${index + 1}`}`}
              onClick={() => onChange(rows.filter(({ id }) => id !== row.id))}
            />
          )}
        </div>
      ))}
      {!isReadOnly && (
        <div>
          <Button
            size="sm"
            icon={Plus}
            onClick={() => onChange([...rows, { id: Math.max(-1, ...rows.map(({ id }) => id)) + 1, key: '', value: '' }])}
          >
            Add a variable
          </Button>
        </div>
      )}
    </fieldset>
  )
}
