'use client'
import type { ReactNode } from 'react'
import { withParam } from '#components/settings/gate-words'
import { Select } from '#components/ui/select'
import { TextField } from '#components/ui/text-field'
import type { GateRule } from '#lib/tenants/environment-policy'
import type { GateName } from '#lib/tenants/gate-names'

interface GateParametersProps {
  gate: GateName
  rule: NonNullable<GateRule>
  isReadOnly: boolean
  onRule: (rule: NonNullable<GateRule>) => void
}

/** What a gate compares with, where it has something to compare with. */
export function GateParameters({ gate, rule, isReadOnly, onRule }: GateParametersProps): ReactNode {
  if (gate === 'order') {
    return (
      <div className="max-w-xs">
        <Select
          label="Completed in"
          value={rule.params['upstream'] === 'any' ? 'any' : 'all'}
          disabled={isReadOnly}
          options={[
            { value: 'all', label: 'every upstream environment' },
            { value: 'any', label: 'any one of them' },
          ]}
          onChange={(value) => onRule(withParam(rule, 'upstream', value === 'any' ? 'any' : undefined))}
        />
      </div>
    )
  }
  if (gate === 'source-health') {
    const given = rule.params['maxAgeSeconds']
    return (
      <div className="max-w-xs">
        <TextField
          label="The observation is at most this old, in seconds"
          type="number"
          min={1}
          placeholder="300"
          disabled={isReadOnly}
          value={typeof given === 'number' ? String(given) : ''}
          onChange={(event) => onRule(withParam(rule, 'maxAgeSeconds', event.target.value === '' ? undefined : Number(event.target.value)))}
        />
      </div>
    )
  }
  return null
}
