'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'
import { apiSend, type Problem } from '#components/api'
import { changesOf, documentOf, doubleKey, draftOf, type ConfigDraft } from '#components/environment/config-draft'
import { VariableRows } from '#components/environment/variable-rows'
import { tenantPath } from '#components/live'
import { Banner } from '#components/ui/banner'
import { Button } from '#components/ui/button'
import { ProblemNotice } from '#components/ui/problem-notice'
import { TextField } from '#components/ui/text-field'
import { Textarea } from '#components/ui/textarea'
import type { RevisionView } from '#lib/configuration/revision'
import type { EnvironmentView } from '#lib/tenants/environment'

interface ConfigEditorProps {
  tenant: string
  environment: EnvironmentView
  application: string
  /** What the draft starts from. */
  from: RevisionView
  newest: RevisionView
  onSaved: () => void
}

/** A draft of the next revision. Saved, it waits until it is applied. */
export function ConfigEditor({ tenant, environment, application, from, newest, onSaved }: ConfigEditorProps): ReactNode {
  const client = useQueryClient()
  const [draft, setDraft] = useState(() => draftOf(from))
  const set = (part: Partial<ConfigDraft>): void => setDraft({ ...draft, ...part })
  const document = documentOf(draft, from.own)
  const changes = changesOf({ ...newest.own, replicas: newest.document.replicas, strategy: newest.document.strategy }, document)
  const twice = doubleKey(draft)
  const save = useMutation<RevisionView, Problem>({
    mutationFn: () =>
      apiSend<RevisionView>('POST', tenantPath(tenant, 'applications', application, 'config-revisions'), {
        environment: environment.slug,
        expected: newest.number,
        document,
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['t', tenant, 'board'] })
      onSaved()
    },
  })
  const may = environment.editOverlay
  const denied = may.allowed ? undefined : may.reason
  const reason = twice ? `${twice} is there twice.` : changes.length === 0 ? `Nothing differs from r${newest.number}.` : undefined
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate()
  }
  const error = (field: string): string | undefined => save.error?.field(`document.${field}`)
  return (
    <form onSubmit={submit} noValidate className="grid gap-4 rounded-3 border bg-surface px-4 py-4" aria-label={`Configuration of ${application}`}>
      <p className="text-ink-3">
        {from.number === newest.number
          ? `Starting from r${from.number}, the newest.`
          : `Starting from r${from.number}: saving makes it the newest again.`}
      </p>
      {denied && <Banner tone="off" title={denied} />}
      <fieldset disabled={denied !== undefined} className="grid min-w-0 gap-4">
        <VariableRows isReadOnly={denied !== undefined} rows={draft.variables} onChange={(variables) => set({ variables })} />
        <Textarea
          label="JVM arguments"
          hint="One a line, in this order, before -jar."
          isMono
          spellCheck={false}
          rows={3}
          value={draft.jvmArguments}
          onChange={(event) => set({ jvmArguments: event.target.value })}
          error={error('jvmArguments')}
        />
        <div className="grid gap-4 sm:grid-cols-3">
          <NumberField label="Replicas" value={draft.replicas} onChange={(replicas) => set({ replicas })} error={error('replicas')} />
          <NumberField
            label="May be not ready"
            hint="while it rolls"
            value={draft.maxUnavailable}
            onChange={(maxUnavailable) => set({ maxUnavailable })}
            error={error('strategy.maxUnavailable')}
          />
          <NumberField
            label="May be extra"
            hint="while it rolls"
            value={draft.maxSurge}
            onChange={(maxSurge) => set({ maxSurge })}
            error={error('strategy.maxSurge') ?? error('strategy')}
          />
        </div>
      </fieldset>
      {save.error && (
        <ProblemNotice problem={save.error} title="The revision was not saved" action={<Reload problem={save.error} tenant={tenant} />} />
      )}
      {denied === undefined && (
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" tone="primary" busy={save.isPending} disabledReason={reason}>
            Save as r{newest.number + 1}
          </Button>
          <span role="status" className="min-w-0 text-sm break-words text-ink-3">
            {changes.length > 0 && `Changes ${changes.join(', ')}.`}
          </span>
        </div>
      )}
    </form>
  )
}

function Reload({ problem, tenant }: { problem: Problem; tenant: string }): ReactNode {
  const client = useQueryClient()
  if (problem.code !== 'conflict') return null
  return (
    <Button size="sm" onClick={() => void client.invalidateQueries({ queryKey: ['t', tenant, 'board'] })}>
      Open the newest revision
    </Button>
  )
}

interface NumberFieldProps {
  label: string
  hint?: string
  value: string
  onChange: (value: string) => void
  error: string | undefined
}

function NumberField({ value, onChange, ...rest }: NumberFieldProps): ReactNode {
  return <TextField {...rest} type="number" inputMode="numeric" min={0} max={50} value={value} onChange={(event) => onChange(event.target.value)} />
}
