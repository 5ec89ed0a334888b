'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'
import { apiSend, type Problem } from '#components/api'
import { FileRows } from '#components/configuration/file-rows'
import { KeyRows } from '#components/configuration/key-rows'
import { draftOf, layerOf, whyNotSaved, type LayerDraft } from '#components/configuration/layer-draft'
import { RawLayer } from '#components/configuration/raw-layer'
import { Button } from '#components/ui/button'
import { ProblemNotice } from '#components/ui/problem-notice'
import { TextField } from '#components/ui/text-field'
import { Textarea } from '#components/ui/textarea'
import type { ConfigDocument, LayerDocument } from '#lib/configuration/config-document'
import type { Verdict } from '#lib/platform/refusal'
import type { ConfigProperty } from '#lib/tenants/config-property'

interface LayerEditorProps {
  tenant: string
  /** Whose configuration: "orders in dev", "every environment of orders". */
  name: string
  /** What the draft starts from; another start is another editor. */
  from: { number: number; document: LayerDocument }
  newest: { number: number; document: LayerDocument }
  /** What counts where nothing is said here. */
  inherited: ConfigDocument
  properties: readonly ConfigProperty[]
  secrets: readonly string[]
  may: Verdict
  /** Where the next revision is posted, and what is sent beside it. */
  save: { path: string; with: Record<string, string> }
  onSaved: () => void
}

/** One layer as rows or as the JSON that it is. Saved, it is the next revision; nothing runs with it before it is applied. */
export function LayerEditor(props: LayerEditorProps): ReactNode {
  const { tenant, name, from, newest, inherited, properties, secrets, may, save, onSaved } = props
  const client = useQueryClient()
  const [draft, setDraft] = useState(() => draftOf(from.document))
  const [isRaw, setRaw] = useState(false)
  const set = (part: Partial<LayerDraft>): void => setDraft({ ...draft, ...part })
  const document = layerOf(draft)
  const isSame = textOf(layerOf(draftOf(newest.document))) === textOf(document)
  const request = useMutation<{ number: number }, Problem>({
    mutationFn: () => apiSend('POST', save.path, { ...save.with, expected: newest.number, document }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['t', tenant, 'board'] })
      onSaved()
    },
  })
  const isReadOnly = !may.allowed
  const reason = may.allowed ? (whyNotSaved(draft) ?? (isSame ? `Nothing differs from r${newest.number}.` : undefined)) : may.reason
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    request.mutate()
  }
  const error = (field: string): string | undefined => request.error?.field(`document.${field}`)
  const group = { properties, secrets, isReadOnly }
  return (
    <form onSubmit={submit} noValidate className="grid gap-5 rounded-3 border bg-surface px-4 py-4" aria-label={`Configuration of ${name}`}>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-ink-3">
          {from.number === newest.number
            ? `What r${newest.number}, the newest, says.`
            : `What r${from.number} said: saving makes it the newest again.`}
        </p>
        <Button size="sm" tone="quiet" aria-pressed={isRaw} onClick={() => setRaw(!isRaw)}>
          {isRaw ? 'Show as rows' : 'Show as JSON'}
        </Button>
      </div>
      {isRaw ? (
        <RawLayer document={document} isReadOnly={isReadOnly} onChange={(next) => setDraft(draftOf(next))} />
      ) : (
        <>
          <KeyRows group="connections" rows={draft.connections} onChange={(connections) => set({ connections })} {...group} />
          <KeyRows group="flags" rows={draft.flags} onChange={(flags) => set({ flags })} {...group} />
          <KeyRows group="variables" rows={draft.variables} onChange={(variables) => set({ variables })} {...group} />
          <Textarea
            label="JVM arguments"
            hint="One a line, in this order, after those of the defaults and before -jar. Java obeys the last of two."
            isMono
            spellCheck={false}
            rows={3}
            readOnly={isReadOnly}
            value={draft.jvmArguments}
            onChange={(event) => set({ jvmArguments: event.target.value })}
            error={error('jvmArguments')}
          />
          <FileRows rows={draft.files} isReadOnly={isReadOnly} onChange={(files) => set({ files })} />
          <div className="grid gap-4 sm:grid-cols-3">
            <NumberField
              label="Replicas"
              placeholder={String(inherited.replicas)}
              isReadOnly={isReadOnly}
              value={draft.replicas}
              onChange={(replicas) => set({ replicas })}
              error={error('replicas')}
            />
            <NumberField
              label="May be not ready"
              hint="while it rolls"
              placeholder={String(inherited.strategy.maxUnavailable)}
              isReadOnly={isReadOnly}
              value={draft.maxUnavailable}
              onChange={(maxUnavailable) => set({ maxUnavailable })}
              error={error('strategy.maxUnavailable')}
            />
            <NumberField
              label="May be extra"
              hint="while it rolls"
              placeholder={String(inherited.strategy.maxSurge)}
              isReadOnly={isReadOnly}
              value={draft.maxSurge}
              onChange={(maxSurge) => set({ maxSurge })}
              error={error('strategy.maxSurge') ?? error('strategy')}
            />
          </div>
        </>
      )}
      {request.error && <ProblemNotice problem={request.error} title="The revision was not saved" />}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" tone="primary" busy={request.isPending} disabledReason={reason}>
          Save as r{newest.number + 1}
        </Button>
        <span role="status" className="min-w-0 text-sm break-words text-ink-3">
          {reason ?? 'Saving changes nothing that runs.'}
        </span>
      </div>
    </form>
  )
}

/** The same text for the same document, in whatever order its keys were typed. */
function textOf(document: LayerDocument): string {
  return JSON.stringify(document, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}

interface NumberFieldProps {
  label: string
  hint?: string
  /** What counts while it is empty. */
  placeholder: string
  isReadOnly: boolean
  value: string
  onChange: (value: string) => void
  error: string | undefined
}

function NumberField({ value, onChange, isReadOnly, ...rest }: NumberFieldProps): ReactNode {
  return (
    <TextField
      {...rest}
      type="number"
      inputMode="numeric"
      min={0}
      max={50}
      readOnly={isReadOnly}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}
