'use client'
import type { ReactNode } from 'react'
import type { Problem } from '#components/api'
import type { SpecDraft } from '#components/settings/spec-draft'
import { Checkbox } from '#components/ui/checkbox'
import { fieldsOf } from '#components/ui/draft-field'
import { TextField } from '#components/ui/text-field'
import { Textarea } from '#components/ui/textarea'

interface TaskFieldsProps {
  draft: SpecDraft
  onChange: (change: Partial<SpecDraft>) => void
  problem: Problem | null
}

/** The background work that the software is given after each rollout. */
export function TaskFields({ draft, onChange, problem }: TaskFieldsProps): ReactNode {
  const field = fieldsOf(draft.task, (task) => onChange({ task }), problem, 'spec.task.')
  return (
    <fieldset className="grid gap-3">
      <Checkbox
        label="It works in the background: give it a task after each rollout, and see it end"
        checked={draft.triesTask}
        onChange={(event) => onChange({ triesTask: event.target.checked })}
      />
      {draft.triesTask && (
        <>
          <div className="grid gap-3 sm:grid-cols-3">
            <TextField label="Submitted by POST to" isMono {...field('path')} />
            <TextField label="Started within, ms" type="number" min={100} {...field('startsWithinMs')} />
            <TextField label="Ended within, ms" type="number" min={100} {...field('endsWithinMs')} />
          </div>
          <Textarea
            isMono
            label="JSON that is sent"
            hint="It is read back under the same path: state, and how often it was attempted."
            rows={2}
            {...field('body')}
          />
          <div className="grid gap-3 sm:grid-cols-2">
            <Textarea label="States that are a good end" hint="One a line." rows={2} {...field('ends')} />
            <Textarea label="States that are a bad end" hint="One a line." rows={2} {...field('fails')} />
          </div>
        </>
      )}
    </fieldset>
  )
}
