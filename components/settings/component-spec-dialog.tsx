'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { ProbeFields } from '#components/settings/probe-fields'
import { draftOf, repeatedKey, specOf } from '#components/settings/spec-draft'
import { VariableRows } from '#components/settings/variable-rows'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { Checkbox } from '#components/ui/checkbox'
import { Dialog } from '#components/ui/dialog'
import { ProblemInView } from '#components/settings/problem-in-view'
import { Select } from '#components/ui/select'
import { TextField } from '#components/ui/text-field'
import { Textarea } from '#components/ui/textarea'
import type { ApplicationView, ComponentView } from '#lib/tenants/application'

const migrations = [
  { value: '', label: 'It does not say' },
  { value: 'none', label: 'It migrates no state' },
  { value: 'on_start', label: 'It migrates when it starts' },
] as const

interface ComponentSpecDialogProps {
  tenant: string
  application: ApplicationView
  component: ComponentView
  onClose: () => void
}

/** The spec that the next upload starts from; releases keep the one that they were uploaded with. */
export function ComponentSpecDialog({ tenant, application, component, onClose }: ComponentSpecDialogProps): ReactNode {
  const [draft, setDraft] = useState(() => draftOf(component.spec))
  const path = tenantPath(tenant, 'applications', application.slug, 'components', component.name, 'spec')
  const save = useChange(() => apiSend('PUT', path, { spec: specOf(draft) }), [tenantKey(tenant, 'board'), tenantKey(tenant, 'settings')])
  const change = (part: Partial<typeof draft>): void => setDraft({ ...draft, ...part })
  const repeated = repeatedKey(draft)
  const { editSpec } = application
  const foot = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button
        tone="primary"
        busy={save.isPending}
        disabledReason={editSpec.allowed ? repeated && `${repeated} is named twice.` : editSpec.reason}
        onClick={() => save.mutate(undefined, { onSuccess: onClose })}
      >
        Save the default spec
      </Button>
    </>
  )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="lg"
      title={`How ${application.slug}/${component.name} is run`}
      description="The next upload starts from this. Each release keeps the spec that it was uploaded with, so a rollback brings its own back."
      foot={foot}
    >
      <div className="grid gap-5">
        <Textarea
          label="Arguments"
          hint="One a line, after the JAR. ${PORT} and ${DATA_DIR} are filled in."
          rows={3}
          value={draft.arguments}
          error={save.error?.field('spec.arguments')}
          onChange={(event) => change({ arguments: event.target.value })}
        />
        <VariableRows rows={draft.environment} onChange={(environment) => change({ environment })} />
        <ProbeFields draft={draft} onChange={change} problem={save.error} />
        <div className="grid gap-3 sm:grid-cols-3">
          <TextField
            label="Port in a container"
            type="number"
            value={draft.containerPort}
            error={save.error?.field('spec.containerPort')}
            onChange={(event) => change({ containerPort: event.target.value })}
          />
          <TextField
            label="Time to stop, ms"
            type="number"
            hint="Between SIGTERM and SIGKILL."
            value={draft.stopTimeoutMs}
            error={save.error?.field('spec.stopTimeoutMs')}
            onChange={(event) => change({ stopTimeoutMs: event.target.value })}
          />
          <TextField
            label="Memory, MiB"
            type="number"
            value={draft.memoryMiB}
            error={save.error?.field('spec.memoryMiB')}
            onChange={(event) => change({ memoryMiB: event.target.value })}
          />
        </div>
        <Textarea
          label="Keys that configuration must have"
          hint="One a line; the gate “config” holds a release to them."
          rows={3}
          value={draft.requiredKeys}
          error={save.error?.field('spec.requiredKeys')}
          onChange={(event) => change({ requiredKeys: event.target.value })}
        />
        <TextField
          label="State label"
          hint="Releases with the same label can read each other’s state."
          value={draft.stateLabel}
          error={save.error?.field('spec.stateLabel')}
          onChange={(event) => change({ stateLabel: event.target.value })}
        />
        <Select
          label="Migrations of state"
          hint="What a release declares here needs no evidence that it did it."
          value={draft.stateMigration}
          options={migrations}
          onChange={(stateMigration) => change({ stateMigration })}
        />
        <div className="grid gap-2">
          <Checkbox
            label="It says which secrets it needs"
            checked={draft.saysSecrets}
            onChange={(event) => change({ saysSecrets: event.target.checked })}
          />
          {draft.saysSecrets && (
            <Textarea
              label="Secrets that it needs"
              hint="Names, one a line; none at all says that it needs none."
              rows={3}
              value={draft.requiredSecrets}
              error={save.error?.field('spec.requiredSecrets')}
              onChange={(event) => change({ requiredSecrets: event.target.value })}
            />
          )}
        </div>
        {save.error && <ProblemInView problem={save.error} title="The spec was not saved" />}
      </div>
    </Dialog>
  )
}
