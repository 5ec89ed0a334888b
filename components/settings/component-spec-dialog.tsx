'use client'
import { ActDialog } from '#components/ui/act-dialog'
import { fieldsOf } from '#components/ui/draft-field'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { ProbeFields } from '#components/settings/probe-fields'
import { draftOf, repeatedKey, specOf } from '#components/settings/spec-draft'
import { TaskFields } from '#components/settings/task-fields'
import { VariableRows } from '#components/settings/variable-rows'
import { useChange } from '#components/tenant/use-change'
import { Checkbox } from '#components/ui/checkbox'
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
  const field = fieldsOf(draft, setDraft, save.error, 'spec.')
  return (
    <ActDialog
      change={save}
      input={undefined}
      onClose={onClose}
      size="lg"
      title={`How ${application.slug}/${component.name} is run`}
      description="The next upload starts from this. Each release keeps the spec that it was uploaded with, so a rollback brings its own back."
      act="Save the default spec"
      missing={[!editSpec.allowed && editSpec.reason, repeated && `${repeated} is named twice.`]}
      failed="The spec was not saved"
    >
      <Textarea label="Arguments" hint="One a line, after the JAR. ${PORT} and ${DATA_DIR} are filled in." rows={3} {...field('arguments')} />
      <VariableRows rows={draft.environment} onChange={(environment) => change({ environment })} />
      <ProbeFields draft={draft} onChange={change} problem={save.error} />
      <TaskFields draft={draft} onChange={change} problem={save.error} />
      <div className="grid gap-3 sm:grid-cols-3">
        <TextField label="Port in a container" type="number" {...field('containerPort')} />
        <TextField label="Time to stop, ms" type="number" hint="Between SIGTERM and SIGKILL." {...field('stopTimeoutMs')} />
        <TextField label="Memory, MiB" type="number" {...field('memoryMiB')} />
      </div>
      <Textarea
        label="Keys that configuration must have"
        hint="One a line; the gate “config” holds a release to them."
        rows={3}
        {...field('requiredKeys')}
      />
      <TextField label="State label" hint="Releases with the same label can read each other’s state." {...field('stateLabel')} />
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
            {...field('requiredSecrets')}
          />
        )}
      </div>
      <Textarea
        label="Lines of another major version that it upgrades from"
        hint="One a line, such as v0.9; the gate “contract” asks for it when a release crosses a major version."
        rows={2}
        {...field('upgradesFrom')}
      />
      <Checkbox
        label="It is public: it may listen beyond its machine"
        checked={draft.isPublic}
        onChange={(event) => change({ isPublic: event.target.checked })}
      />
    </ActDialog>
  )
}
