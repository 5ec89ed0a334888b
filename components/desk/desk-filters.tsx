'use client'
import { Search } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { usualDay } from '#components/desk/desk-period'
import { PlaceFilters } from '#components/promotion/place-filters'
import { Button } from '#components/ui/button'
import { Select } from '#components/ui/select'
import { TextField } from '#components/ui/text-field'

export interface DeskFilters {
  /** Days in UTC, `2026-11-01`; '' for the last thirty. The last one is included. */
  from: string
  to: string
  app: string
  env: string
  only: 'all' | 'exceptions'
}

/** A period in days of the calendar in UTC, as exports and other auditors will name them. */
export function DeskFiltersForm({
  tenant,
  filters,
  onChange,
}: {
  tenant: string
  filters: DeskFilters
  onChange: (filters: DeskFilters) => void
}): ReactNode {
  const [draft, setDraft] = useState(filters)
  const day = (name: 'from' | 'to') => ({
    type: 'date',
    value: draft[name] || usualDay(name, draft.to),
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [name]: event.target.value }),
  })
  return (
    <form
      role="search"
      aria-label="Changes of a period"
      className="mb-4 grid grid-cols-2 items-end gap-2.5 lg:grid-cols-[repeat(5,minmax(0,1fr))_auto] print:hidden"
      onSubmit={(event) => {
        event.preventDefault()
        onChange(draft)
      }}
    >
      <TextField label="From (UTC)" {...day('from')} />
      <TextField label="Until (UTC)" {...day('to')} />
      <PlaceFilters
        tenant={tenant}
        app={draft.app}
        env={draft.env}
        any={{ app: 'Every application', env: 'Protected ones' }}
        onChange={({ app, env }) => {
          const next = { ...draft, app: app === undefined ? draft.app : (app ?? ''), env: env === undefined ? draft.env : (env ?? '') }
          setDraft(next)
          onChange(next)
        }}
      />
      <Select
        label="Changes"
        value={draft.only}
        options={[
          { value: 'all', label: 'all' },
          { value: 'exceptions', label: 'with exceptions' },
        ]}
        onChange={(value) => {
          const next = { ...draft, only: value === 'exceptions' ? ('exceptions' as const) : ('all' as const) }
          setDraft(next)
          onChange(next)
        }}
      />
      <Button type="submit" icon={Search}>
        Look
      </Button>
    </form>
  )
}
