'use client'
import { ActDialog } from '#components/ui/act-dialog'
import { fieldsOf } from '#components/ui/draft-field'
import { CheckboxGroup } from '#components/ui/checkbox-group'
import { SlugField, slugOf } from '#components/ui/slug-field'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { Checkbox } from '#components/ui/checkbox'
import { TextField } from '#components/ui/text-field'
import type { EnvironmentView } from '#lib/tenants/environment'

interface EnvironmentDialogProps {
  tenant: string
  /** undefined to create a custom one. */
  environment: EnvironmentView | undefined
  all: readonly EnvironmentView[]
  onClose: () => void
}

/** Creates a custom environment, or edits any. */
export function EnvironmentDialog({ tenant, environment, all, onClose }: EnvironmentDialogProps): ReactNode {
  const [draft, setDraft] = useState({
    slug: environment?.slug ?? '',
    name: environment?.name ?? '',
    rank: String(environment?.rank ?? 50),
    upstream: environment?.upstream ?? [],
    isProtected: environment?.isProtected ?? false,
  })
  const save = useChange(
    (body: object) =>
      environment
        ? apiSend<EnvironmentView>('PATCH', tenantPath(tenant, 'environments', environment.slug), body)
        : apiSend<EnvironmentView>('POST', tenantPath(tenant, 'environments'), body),
    [tenantKey(tenant, 'board'), tenantKey(tenant, 'settings')],
  )
  const { slug, ...rest } = draft
  const body = { ...rest, rank: Number(draft.rank), ...(environment ? {} : { slug }) }
  const field = fieldsOf(draft, setDraft, save.error)
  return (
    <ActDialog
      change={save}
      input={body}
      onClose={onClose}
      title={environment ? `Edit ${environment.slug}` : 'Create a custom environment'}
      act={environment ? `Save ${environment.slug}` : 'Create the environment'}
      missing={(slug === '' || draft.name.trim() === '') && 'It needs a slug and a name.'}
      failed={environment ? 'Nothing was changed' : 'The environment was not created'}
    >
      {!environment && <SlugField placeholder="qa" {...field('slug', slugOf)} />}
      <TextField label="Name" {...field('name')} />
      <TextField
        label="Rank"
        type="number"
        min={0}
        max={10_000}
        hint="Where its column stands on the board; dev is 10, staging 20, prod 100."
        {...field('rank')}
      />
      <CheckboxGroup
        legend="Upstream"
        says="Where a release must have completed first, when the policy has the gate “order”."
        options={all.filter((one) => one.slug !== environment?.slug).map((one) => ({ value: one.slug }))}
        value={draft.upstream}
        onChange={(upstream) => setDraft({ ...draft, upstream })}
      />
      <Checkbox
        label="Protected"
        hint="Developers ask for promotions and edit configuration only where it is not."
        checked={draft.isProtected}
        onChange={(event) => setDraft({ ...draft, isProtected: event.target.checked })}
      />
    </ActDialog>
  )
}
