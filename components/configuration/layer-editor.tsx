'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useState, type FormEvent, type ReactNode } from 'react'
import { apiSend, type Problem } from '#components/api'
import { FileRows } from '#components/configuration/file-rows'
import { KeyRows } from '#components/configuration/key-rows'
import { draftOf, layerOf, whyNotSaved, type LayerDraft } from '#components/configuration/layer-draft'
import { RawLayer } from '#components/configuration/raw-layer'
import { Button } from '#components/ui/button'
import { Checkbox } from '#components/ui/checkbox'
import { ProblemNotice } from '#components/ui/problem-notice'
import { SkeletonRows } from '#components/ui/skeleton'
import { TextField } from '#components/ui/text-field'
import { Textarea } from '#components/ui/textarea'
import type { ConfigDocument, LayerDocument } from '#lib/configuration/config-document'
import type { LintFacts } from '#lib/configuration/lint-layer'
import { newlyInTheOpen } from '#lib/configuration/plaintext-secrets'
import type { Verdict } from '#lib/platform/refusal'
import type { ConfigProperty } from '#lib/tenants/config-property'

/** The editor of code is large, and most who look here only look. */
const TextLayer = dynamic(() => import('#components/configuration/text-layer').then((module) => module.TextLayer), {
  ssr: false,
  loading: () => <SkeletonRows label="Loading the editor" />,
})

const forms = ['rows', 'text', 'json'] as const
const formWords = { rows: 'Rows', text: 'Text', json: 'JSON' }

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
  /** What a text is judged by. */
  facts: LintFacts
  may: Verdict
  /** Where the next revision is posted, and what is sent beside it. */
  save: { path: string; with: Record<string, string> }
  onSaved: () => void
}

/** One layer as rows, as text in an editor, or as the JSON that it is. Saved, it is the next revision; nothing runs with it before it is applied. */
export function LayerEditor(props: LayerEditorProps): ReactNode {
  const { tenant, name, from, newest, inherited, properties, secrets, facts, may, save, onSaved } = props
  const client = useQueryClient()
  const [draft, setDraft] = useState(() => draftOf(from.document))
  const [form, setForm] = useQueryState('as', parseAsStringLiteral(forms).withDefault('rows'))
  const [wrong, setWrong] = useState<string>()
  const [isNoSecret, setNoSecret] = useState(false)
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
  const open = newlyInTheOpen(document, newest.document)
  const reason = may.allowed
    ? (wrong ??
      whyNotSaved(draft) ??
      (isSame ? `Nothing differs from r${newest.number}.` : undefined) ??
      (open.length > 0 && !isNoSecret ? `${open.join(', ')} would stand in the open.` : undefined))
    : may.reason
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (reason === undefined) request.mutate()
  }
  const show = (next: (typeof forms)[number]): void => {
    setWrong(undefined)
    void setForm(next)
  }
  const error = (field: string): string | undefined => request.error?.field(`document.${field}`)
  const group = { properties, secrets, isReadOnly }
  return (
    <form
      onSubmit={submit}
      noValidate
      className="grid grid-cols-1 gap-5 rounded-3 border bg-surface px-4 py-4"
      aria-label={`Configuration of ${name}`}
    >
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-ink-3">
          {from.number === newest.number
            ? `What r${newest.number}, the newest, says.`
            : `What r${from.number} said: saving makes it the newest again.`}
        </p>
        <div role="group" aria-label="Show as" className="flex gap-1">
          {forms.map((one) => (
            <Button key={one} size="sm" tone={form === one ? 'secondary' : 'quiet'} aria-pressed={form === one} onClick={() => show(one)}>
              {formWords[one]}
            </Button>
          ))}
        </div>
      </div>
      {form === 'json' && <RawLayer document={document} isReadOnly={isReadOnly} onChange={(next) => setDraft(draftOf(next))} onWrong={setWrong} />}
      {form === 'text' && (
        <TextLayer
          name={name}
          document={document}
          isReadOnly={isReadOnly}
          facts={facts}
          onChange={(next) => setDraft({ ...draftOf({ ...next, files: {} }), files: draft.files })}
          onWrong={setWrong}
        />
      )}
      {form === 'rows' && (
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
      {open.length > 0 && may.allowed && (
        <Checkbox
          label={`${open.join(', ')} ${open.length === 1 ? 'looks like a secret and is none' : 'look like secrets and are none'}`}
          hint="A revision never changes: a secret that is saved in one stays readable there. Set it under Secrets and name it in a connection."
          checked={isNoSecret}
          onChange={(event) => setNoSecret(event.target.checked)}
        />
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
