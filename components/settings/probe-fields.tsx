'use client'
import type { ReactNode } from 'react'
import type { Problem } from '#components/api'
import type { SpecDraft } from '#components/settings/spec-draft'
import { Select } from '#components/ui/select'
import { TextField } from '#components/ui/text-field'

interface ProbeFieldsProps {
  draft: SpecDraft
  onChange: (change: Partial<SpecDraft>) => void
  problem: Problem | null
}

/** How it is known that a replica is ready. */
export function ProbeFields({ draft, onChange, problem }: ProbeFieldsProps): ReactNode {
  const number = (name: 'intervalMs' | 'timeoutMs' | 'startPeriodMs' | 'retries', label: string): ReactNode => (
    <TextField
      label={label}
      type="number"
      min={0}
      value={draft[name]}
      error={problem?.field(`spec.readiness.${name}`)}
      onChange={(event) => onChange({ [name]: event.target.value })}
    />
  )
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1 text-sm font-[550] text-ink-2">Readiness</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        <Select
          label="Ready when"
          value={draft.kind}
          options={[
            { value: 'http', label: 'an HTTP path answers with success' },
            { value: 'tcp', label: 'the port accepts a connection' },
          ]}
          onChange={(kind) => onChange({ kind })}
        />
        {draft.kind === 'http' && (
          <TextField
            label="Path"
            isMono
            value={draft.path}
            error={problem?.field('spec.readiness.path')}
            onChange={(event) => onChange({ path: event.target.value })}
          />
        )}
      </div>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {number('intervalMs', 'Every, ms')}
        {number('timeoutMs', 'Timeout, ms')}
        {number('startPeriodMs', 'Start period, ms')}
        {number('retries', 'Failures in a row')}
      </div>
    </fieldset>
  )
}
