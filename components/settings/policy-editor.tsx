'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { ApprovalRules } from '#components/settings/approval-rules'
import { GateRow } from '#components/settings/gate-row'
import { withExemption, withGate } from '#components/settings/policy-draft'
import { RollbackRules } from '#components/settings/rollback-rules'
import { useChange } from '#components/tenant/use-change'
import { Banner } from '#components/ui/banner'
import { Button } from '#components/ui/button'
import { Checkbox } from '#components/ui/checkbox'
import { ProblemNotice } from '#components/ui/problem-notice'
import { Section } from '#components/ui/section'
import { TextField } from '#components/ui/text-field'
import type { EnvironmentPolicyView } from '#lib/tenants/environment-policy'
import { gateNames } from '#lib/tenants/gate-names'

interface PolicyEditorProps {
  tenant: string
  /** The version that counts now; the draft starts from the one that was there first. */
  policy: EnvironmentPolicyView
  reason: string | undefined
  /** Begins again from the version that counts now. */
  onRestart: () => void
}

/** Edits the policy of one environment; saving writes a new version, and every version stays. */
export function PolicyEditor({ tenant, policy, reason, onRestart }: PolicyEditorProps): ReactNode {
  const [base, setBase] = useState(policy)
  const [draft, setDraft] = useState(policy.document)
  const [why, setWhy] = useState('')
  const save = useChange(
    (body: object) => apiSend<EnvironmentPolicyView>('PUT', tenantPath(tenant, 'environments', policy.environment, 'policy'), body),
    [tenantKey(tenant, 'board'), tenantKey(tenant, 'audit')],
  )
  const isReadOnly = reason !== undefined
  const isChanged = JSON.stringify(draft) !== JSON.stringify(base.document)
  const submit = (): void =>
    save.mutate(
      { document: draft, baseVersion: base.version, reason: why },
      {
        onSuccess: (saved) => {
          setBase(saved)
          setDraft(saved.document)
          setWhy('')
        },
      },
    )
  return (
    <div className="grid gap-6">
      {reason !== undefined && <Banner tone="off" title={reason} />}
      {policy.version > base.version && (
        <Banner
          tone="wait"
          role="status"
          title={`Version ${policy.version} was written meanwhile, by somebody else`}
          action={<Button onClick={onRestart}>Start from version {policy.version}</Button>}
        >
          What you changed here started from version {base.version} and cannot be saved over it.
        </Banner>
      )}
      <Section
        title="Gates"
        description="A gate that blocks must pass, or be waived, before anything changes here. One that warns is shown and holds up nothing."
      >
        <div className="rounded-3 border bg-surface">
          {gateNames.map((gate) => (
            <GateRow
              key={gate}
              gate={gate}
              rule={draft.gates[gate]}
              exemptions={draft.exemptions}
              isReadOnly={isReadOnly}
              onRule={(rule) => setDraft(withGate(draft, gate, rule))}
              onExempt={(kind, isExempt) => setDraft(withExemption(draft, kind, gate, isExempt))}
            />
          ))}
        </div>
      </Section>
      <Section title="Approvals" isBoxed aside={draft.gates.approvals ? undefined : 'Count when the gate “approvals” is on'}>
        <ApprovalRules rules={draft.approvals} isReadOnly={isReadOnly} onChange={(approvals) => setDraft({ ...draft, approvals })} />
      </Section>
      <Section title="Rollback" isBoxed>
        <RollbackRules rules={draft.rollback} isReadOnly={isReadOnly} onChange={(rollback) => setDraft({ ...draft, rollback })} />
      </Section>
      <Section title="Sheet" isBoxed>
        <Checkbox
          label={`Ask to type “${policy.environment}” before a promotion is requested`}
          disabled={isReadOnly}
          checked={draft.requireEnvironmentName}
          onChange={(event) => setDraft({ ...draft, requireEnvironmentName: event.target.checked })}
        />
      </Section>
      {!isReadOnly && (
        <div className="z-10 grid gap-3 rounded-3 border bg-raised px-4 py-3.5 shadow-raised sm:sticky sm:bottom-3">
          <TextField
            label="Why it changes"
            hint="Stands in the audit log beside what it was and what it is."
            value={why}
            onChange={(event) => setWhy(event.target.value)}
          />
          {save.error && <ProblemNotice problem={save.error} title="No version was written" />}
          {save.data && !isChanged && <Banner tone="ok" role="status" title={`Version ${save.data.version} counts from now on`} />}
          <div className="flex flex-wrap gap-2">
            <Button
              tone="primary"
              busy={save.isPending}
              disabledReason={isChanged ? undefined : `This is version ${base.version}, unchanged.`}
              onClick={submit}
            >
              Save as version {base.version + 1}
            </Button>
            {isChanged && (
              <Button tone="quiet" onClick={() => setDraft(base.document)}>
                Undo the changes
              </Button>
            )}
          </div>
        </div>
      )}
    </div>
  )
}
