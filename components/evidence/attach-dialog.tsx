'use client'
import { ActDialog } from '#components/ui/act-dialog'
import { fieldsOf } from '#components/ui/draft-field'
import { useState, type ReactNode } from 'react'
import type { Subject } from '#components/evidence/checklist-words'
import { sendEvidence, type EvidenceDraft } from '#components/evidence/send-evidence'
import { tenantKey } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { controlClass, Field } from '#components/ui/field'
import { fromLocalInput, toLocalInput } from '#components/ui/local-time'
import { Select } from '#components/ui/select'
import { TextField } from '#components/ui/text-field'
import { Textarea } from '#components/ui/textarea'
import { maxEvidenceBytes, type ItemView } from '#lib/evidence/checklist-view'

interface AttachDialogProps {
  tenant: string
  subject: Subject
  item: ItemView
  onClose: () => void
}

const outcomes = [
  { value: 'pass', label: 'It is so' },
  { value: 'fail', label: 'It is not so' },
  { value: 'skipped', label: 'It was skipped, which is no pass' },
] as const
const forms = [
  { value: 'monitors', label: 'Monitors and alert rules are installed' },
  { value: 'equivalent', label: 'Other alerts are equivalent to them' },
] as const

/** Attaches a statement or a file, bound to the digests of the release. What was attached before stays, under the newer one. */
export function AttachDialog({ tenant, subject, item, onClose }: AttachDialogProps): ReactNode {
  const [draft, setDraft] = useState<EvidenceDraft>({
    control: item.control,
    part: item.parts[0]?.id ?? '',
    outcome: 'pass',
    summary: '',
    text: '',
    form: item.control === 'observability' ? 'monitors' : '',
    observedAt: null,
    testFiredAt: null,
  })
  const [seenAt, setSeenAt] = useState(() => toLocalInput(new Date()))
  const [firedAt, setFiredAt] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const change = (part: Partial<EvidenceDraft>): void => setDraft({ ...draft, ...part })
  // What was not touched means now, by the server's clock.
  const [isTouched, setTouched] = useState(false)
  const send = useChange(
    () =>
      sendEvidence(tenant, subject, { ...draft, observedAt: isTouched ? fromLocalInput(seenAt) : null, testFiredAt: fromLocalInput(firedAt) }, file),
    [tenantKey(tenant, 'release'), tenantKey(tenant, 'board')],
  )
  const field = fieldsOf(draft, setDraft, send.error)
  return (
    <ActDialog
      change={send}
      input={undefined}
      onClose={onClose}
      size="lg"
      title={item.title}
      description={`${item.says} It is bound to the digests of ${subject.release} in ${subject.environment}.`}
      act="Attach it"
      missing={[
        draft.summary.trim() === '' && 'Say in one sentence what it shows.',
        !file && draft.text.trim() === '' && 'Write the statement, or choose a file.',
        file !== null && file.size > maxEvidenceBytes && 'The file is larger than 32 MiB.',
        draft.form === 'equivalent' && firedAt === '' && 'Say when the alerts were fired to try them.',
      ]}
      failed="Nothing was attached"
    >
      <div className="grid gap-3 sm:grid-cols-2">
        {item.parts.length > 0 && (
          <Select
            label="Which part"
            value={draft.part}
            options={item.parts.map(({ id, title }) => ({ value: id, label: title }))}
            onChange={(part) => change({ part })}
          />
        )}
        <Select label="What it shows" value={draft.outcome} options={outcomes} onChange={(outcome) => change({ outcome })} />
        <TextField
          label="Seen or done at"
          type="datetime-local"
          value={seenAt}
          onChange={(event) => {
            setTouched(true)
            setSeenAt(event.target.value)
          }}
          error={send.error?.field('observedAt')}
        />
        {draft.form !== '' && <Select label="What there is" value={draft.form} options={forms} onChange={(form) => change({ form })} />}
        {draft.form === 'equivalent' && (
          <TextField
            label="Fired to try them at"
            type="datetime-local"
            value={firedAt}
            onChange={(event) => setFiredAt(event.target.value)}
            error={send.error?.field('testFiredAt')}
          />
        )}
      </div>
      <TextField label="In one sentence" hint="It stands on the checklist under your name." maxLength={500} {...field('summary')} />
      <Field label="File" hint="At most 32 MiB. It is kept in the registry beside the image.">
        {(control) => (
          <input
            {...control}
            type="file"
            className={`${controlClass} h-auto py-1.5`}
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        )}
      </Field>
      {!file && <Textarea label="Or a statement" rows={5} {...field('text')} />}
    </ActDialog>
  )
}
