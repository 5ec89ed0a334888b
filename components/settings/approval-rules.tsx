'use client'
import type { ReactNode } from 'react'
import { RolePicker } from '#components/settings/role-picker'
import { Checkbox } from '#components/ui/checkbox'
import { TextField } from '#components/ui/text-field'
import type { EnvironmentPolicyDocument } from '#lib/tenants/environment-policy'

type Rules = EnvironmentPolicyDocument['approvals']

interface ApprovalRulesProps {
  rules: Rules
  isReadOnly: boolean
  onChange: (rules: Rules) => void
}

/** How many approve, who, for how long, and whom the policy keeps from it. */
export function ApprovalRules({ rules, isReadOnly, onChange }: ApprovalRulesProps): ReactNode {
  return (
    <fieldset disabled={isReadOnly} className="grid gap-4">
      <legend className="sr-only">Approvals</legend>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="How many approve"
          type="number"
          min={1}
          max={20}
          value={String(rules.count)}
          onChange={(event) => onChange({ ...rules, count: Number(event.target.value) })}
        />
        <TextField
          label="An approval counts for, in hours"
          type="number"
          min={1}
          max={720}
          value={String(rules.expiresHours)}
          onChange={(event) => onChange({ ...rules, expiresHours: Number(event.target.value) })}
        />
      </div>
      <RolePicker legend="Who may approve" isShort value={rules.roles} onChange={(roles) => onChange({ ...rules, roles })} />
      <Checkbox
        label="Four eyes: nobody approves what they requested themselves"
        checked={rules.fourEyes}
        onChange={(event) => onChange({ ...rules, fourEyes: event.target.checked })}
      />
      <Checkbox
        label="Nor what they uploaded themselves"
        checked={rules.forbidUploader}
        onChange={(event) => onChange({ ...rules, forbidUploader: event.target.checked })}
      />
    </fieldset>
  )
}
