'use client'
import { Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { FileRow } from '#components/configuration/layer-draft'
import { AddRow } from '#components/ui/add-row'
import { IconButton } from '#components/ui/icon-button'
import { TextField } from '#components/ui/text-field'
import { Textarea } from '#components/ui/textarea'

/** Files that a replica finds below `${FILES_DIR}`. */
export function FileRows({
  rows,
  isReadOnly,
  onChange,
}: {
  rows: readonly FileRow[]
  isReadOnly: boolean
  onChange: (rows: FileRow[]) => void
}): ReactNode {
  const put = (changed: FileRow): void => onChange(rows.map((row) => (row.id === changed.id ? changed : row)))
  const fresh = (): FileRow => ({ id: Math.max(-1, ...rows.map(({ id }) => id)) + 1, path: '', content: '' })
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-sm font-[550] text-ink-2">Files</legend>
      <p className="-mt-1 text-sm text-ink-3">
        {rows.length === 0 && 'None. '}A replica finds them below <code className="font-mono">{'${FILES_DIR}'}</code>, which variables and JVM
        arguments may name.
      </p>
      {rows.map((row) => (
        <div key={row.id} data-row className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-2">
          <TextField
            label="Path of a file"
            isLabelHidden
            isMono
            placeholder="config/logback.xml"
            autoComplete="off"
            spellCheck={false}
            readOnly={isReadOnly}
            value={row.path}
            onChange={(event) => put({ ...row, path: event.target.value.trim() })}
          />
          {!isReadOnly && (
            <IconButton icon={Trash2} label={`Remove ${row.path || 'the file'}`} onClick={() => onChange(rows.filter(({ id }) => id !== row.id))} />
          )}
          <div className="col-span-full">
            <Textarea
              label={`Content of ${row.path || 'the file'}`}
              isLabelHidden
              isMono
              rows={5}
              spellCheck={false}
              readOnly={isReadOnly}
              value={row.content}
              onChange={(event) => put({ ...row, content: event.target.value })}
            />
          </div>
        </div>
      ))}
      {!isReadOnly && <AddRow onAdd={() => onChange([...rows, fresh()])}>Add a file</AddRow>}
    </fieldset>
  )
}
