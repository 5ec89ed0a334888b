'use client'
import type { ReactNode } from 'react'
import { Checkbox } from '#components/ui/checkbox'
import { Select } from '#components/ui/select'
import { TextField } from '#components/ui/text-field'
import type { EnvironmentPolicyDocument } from '#lib/tenants/environment-policy'

type Rules = EnvironmentPolicyDocument['rollback']

interface RollbackRulesProps {
  rules: Rules
  isReadOnly: boolean
  onChange: (rules: Rules) => void
}

const following = [
  { value: 'stop', label: 'leave what runs as it is, until a person decides' },
  { value: 'roll_back', label: 'go back to the release before, by itself' },
] as const

/** How fast a recovery should be, what follows a promotion that failed, and whose approval a rollback stands on. */
export function RollbackRules({ rules, isReadOnly, onChange }: RollbackRulesProps): ReactNode {
  return (
    <fieldset disabled={isReadOnly} className="grid gap-4">
      <legend className="sr-only">Rollback</legend>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="A recovery should take at most, in seconds"
          hint="From the stop that somebody asked for to verified."
          type="number"
          min={10}
          max={86_400}
          value={String(rules.targetSeconds)}
          onChange={(event) => onChange({ ...rules, targetSeconds: Number(event.target.value) })}
        />
        <Select
          label="When a promotion failed after it began to change what runs"
          hint="A rollback that failed is never rolled back."
          value={rules.onFailure}
          options={following}
          onChange={(onFailure) => onChange({ ...rules, onFailure })}
        />
      </div>
      <Checkbox
        label="A release that was approved here before needs no new approval to come back"
        checked={rules.acceptsEarlierApproval}
        onChange={(event) => onChange({ ...rules, acceptsEarlierApproval: event.target.checked })}
      />
    </fieldset>
  )
}
