'use client'
import { clsx } from 'clsx'
import { Search, SlidersHorizontal, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { emptyFilters, type AuditFilters } from '#components/audit/use-audit-filters'
import { Button } from '#components/ui/button'
import { Select } from '#components/ui/select'
import { TextField } from '#components/ui/text-field'
import { actionWords } from '#lib/audit/action-words'

interface AuditFiltersFormProps {
  filters: AuditFilters
  onChange: (filters: AuditFilters) => void
  /** Acts that were seen, to choose from. */
  actions: readonly string[]
}

/** Who, what, on what, how it ended, when, and anything in the text. Nothing is asked until it is applied. */
export function AuditFiltersForm({ filters, onChange, actions }: AuditFiltersFormProps): ReactNode {
  const [draft, setDraft] = useState(filters)
  const text = (name: 'actor' | 'action' | 'subject' | 'text') => ({
    value: draft[name],
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [name]: event.target.value }),
  })
  const time = (name: 'from' | 'to') => ({
    type: 'datetime-local',
    value: localOf(draft[name]),
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [name]: isoOf(event.target.value) }),
  })
  const { text: _text, ...others } = filters
  const [isMore, setMore] = useState(() => Object.values(others).some((value) => value !== ''))
  const isFiltered = JSON.stringify(filters) !== JSON.stringify(emptyFilters)
  return (
    <form
      role="search"
      aria-label="Entries of the log"
      className="mb-3 grid grid-cols-2 items-end gap-2.5 lg:grid-cols-4"
      onSubmit={(event) => {
        event.preventDefault()
        onChange(draft)
      }}
    >
      <div className="max-lg:col-span-2">
        <TextField label="Text or digest" placeholder="anywhere in the entry" {...text('text')} />
      </div>
      <div className={clsx('contents', !isMore && 'max-sm:hidden')}>
        <TextField label="Actor" placeholder="name or id" {...text('actor')} />
        <TextField label="Action" placeholder="promotion requested" list="audit-actions" {...text('action')} />
        <TextField label="Subject" placeholder="release, or a name" {...text('subject')} />
        <datalist id="audit-actions">
          {actions.map((action) => (
            <option key={action} value={action}>
              {actionWords(action)}
            </option>
          ))}
        </datalist>
        <Select
          label="Outcome"
          value={draft.outcome}
          options={[
            { value: '', label: 'any' },
            { value: 'done', label: 'done' },
            { value: 'denied', label: 'denied' },
            { value: 'failed', label: 'failed' },
          ]}
          onChange={(outcome) => {
            setDraft({ ...draft, outcome })
            onChange({ ...draft, outcome })
          }}
        />
        <div className="min-w-0 max-sm:col-span-2">
          <TextField label="From" {...time('from')} />
        </div>
        <div className="min-w-0 max-sm:col-span-2">
          <TextField label="Before" {...time('to')} />
        </div>
      </div>
      <div className="flex flex-wrap gap-1.5 max-sm:col-span-2">
        <Button type="submit" icon={Search}>
          Search
        </Button>
        {isFiltered && (
          <Button tone="quiet" icon={X} aria-label="Clear the filters" onClick={() => onChange(emptyFilters)}>
            Clear
          </Button>
        )}
        {!isMore && (
          <Button tone="quiet" icon={SlidersHorizontal} className="sm:hidden" onClick={() => setMore(true)}>
            More filters
          </Button>
        )}
      </div>
    </form>
  )
}

/** As the browser's control writes a time, in the reader's zone. */
function localOf(iso: string): string {
  if (iso === '') return ''
  const at = new Date(iso)
  return Number.isNaN(at.getTime()) ? '' : new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function isoOf(local: string): string {
  return local === '' || Number.isNaN(Date.parse(local)) ? '' : new Date(local).toISOString()
}
