'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { Checkbox } from '#components/ui/checkbox'
import { Dialog } from '#components/ui/dialog'
import { ProblemInView } from '#components/settings/problem-in-view'
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
  const missing = slug === '' || draft.name.trim() === '' ? 'It needs a slug and a name.' : undefined
  const toggle = (one: string): void =>
    setDraft({ ...draft, upstream: draft.upstream.includes(one) ? draft.upstream.filter((each) => each !== one) : [...draft.upstream, one] })
  const foot = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button tone="primary" busy={save.isPending} disabledReason={missing} onClick={() => save.mutate(body, { onSuccess: onClose })}>
        {environment ? `Save ${environment.slug}` : 'Create the environment'}
      </Button>
    </>
  )
  return (
    <Dialog isOpen onClose={onClose} title={environment ? `Edit ${environment.slug}` : 'Create a custom environment'} foot={foot}>
      <div className="grid gap-4">
        {!environment && (
          <TextField
            label="Slug"
            isMono
            placeholder="qa"
            autoComplete="off"
            hint="Stands in addresses and command lines, and never changes: a-z, 0-9 and -."
            value={draft.slug}
            error={save.error?.field('slug')}
            onChange={(event) => setDraft({ ...draft, slug: event.target.value.toLowerCase() })}
          />
        )}
        <TextField
          label="Name"
          value={draft.name}
          error={save.error?.field('name')}
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
        <TextField
          label="Rank"
          type="number"
          min={0}
          max={10_000}
          hint="Where its column stands on the board; dev is 10, staging 20, prod 100."
          value={draft.rank}
          error={save.error?.field('rank')}
          onChange={(event) => setDraft({ ...draft, rank: event.target.value })}
        />
        <fieldset className="grid gap-1.5">
          <legend className="mb-1 text-sm font-[550] text-ink-2">Upstream</legend>
          <p className="text-sm text-ink-3">Where a release must have completed first, when the policy has the gate “order”.</p>
          <div className="flex flex-wrap gap-x-4 gap-y-1.5">
            {all
              .filter((one) => one.slug !== environment?.slug)
              .map((one) => (
                <Checkbox key={one.slug} label={one.slug} checked={draft.upstream.includes(one.slug)} onChange={() => toggle(one.slug)} />
              ))}
          </div>
        </fieldset>
        <Checkbox
          label="Protected"
          hint="Developers ask for promotions and edit configuration only where it is not."
          checked={draft.isProtected}
          onChange={(event) => setDraft({ ...draft, isProtected: event.target.checked })}
        />
        {save.error && <ProblemInView problem={save.error} title={environment ? 'Nothing was changed' : 'The environment was not created'} />}
      </div>
    </Dialog>
  )
}
