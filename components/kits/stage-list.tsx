'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { ForActors } from '#components/layout/reader'
import { tenantKey, tenantPath } from '#components/live'
import { why } from '#components/promotion/promotion-acts'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { ProblemNotice } from '#components/ui/problem-notice'
import { RelativeTime } from '#components/ui/relative-time'
import { Status, type StatusTone } from '#components/ui/status'
import { TextField } from '#components/ui/text-field'
import type { KitView, StageView } from '#lib/kits/kit'

const look: Record<StageView['state'], { tone: StatusTone; word: string }> = {
  done: { tone: 'ok', word: 'done' },
  failed: { tone: 'bad', word: 'failed' },
  next: { tone: 'wait', word: 'next' },
  waiting: { tone: 'off', word: 'waits' },
}

/** The seven stages in their one order: who took each, as what, when; the next one can be taken here. */
export function StageList({ tenant, view }: { tenant: string; view: KitView }): ReactNode {
  return (
    <ol className="divide-y rounded-3 border bg-surface">
      {view.stages.map((stage, index) => (
        <li key={stage.id} aria-current={stage.state === 'next' ? 'step' : undefined} className="grid grid-cols-[24px_1fr] gap-x-2 px-4 py-3">
          <span aria-hidden className="text-ink-3 tabular-nums">
            {index + 1}
          </span>
          <div className="grid min-w-0 gap-1">
            <div className="flex flex-wrap items-baseline justify-between gap-x-3">
              <h3 className="font-[570]">{stage.title}</h3>
              <Status tone={look[stage.state].tone}>{look[stage.state].word}</Status>
            </div>
            <p className="text-sm text-ink-3">{stage.entry}</p>
            {stage.by && stage.at && (
              <p>
                {stage.state === 'failed' ? 'failed by' : 'taken by'} {stage.by.name} as {stage.role === 'sre' ? 'SRE' : stage.role.replace('_', ' ')}
                , <RelativeTime at={stage.at} />
                {stage.note && <span className="text-ink-2">: {stage.note}</span>}
              </p>
            )}
            {stage.state === 'next' && !stage.take.allowed && <p className="text-ink-2">{stage.take.reason}</p>}
            {stage.state === 'next' && stage.id !== 'hand-off' && (
              <ForActors>
                <Take tenant={tenant} view={view} stage={stage} />
              </ForActors>
            )}
          </div>
        </li>
      ))}
    </ol>
  )
}

function Take({ tenant, view, stage }: { tenant: string; view: KitView; stage: StageView }): ReactNode {
  const [note, setNote] = useState('')
  const take = useChange(
    (outcome: 'done' | 'failed') =>
      apiSend<KitView>('POST', tenantPath(tenant, 'kits', view.id, 'stages', stage.id), { revision: view.revision, outcome, note }),
    [tenantKey(tenant, 'release')],
  )
  const mayNot = why(stage.take)
  // Who lacks the role cannot let it fail either; an entry condition that does not hold is no reason not to say so.
  const isRole = !stage.take.allowed && stage.take.code === 'forbidden'
  return (
    <div className="mt-1 grid gap-2">
      <TextField
        label="Note"
        hint="What was looked at; why it failed."
        maxLength={2000}
        value={note}
        error={take.error?.field('note')}
        onChange={(event) => setNote(event.target.value)}
      />
      <div className="flex flex-wrap gap-2">
        <Button tone="primary" size="sm" busy={take.isPending} disabledReason={mayNot} onClick={() => take.mutate('done')}>
          Done: {stage.title}
        </Button>
        <Button
          tone="danger"
          size="sm"
          busy={take.isPending}
          disabledReason={isRole ? mayNot : note.trim() === '' ? 'Say in the note why it failed.' : undefined}
          onClick={() => take.mutate('failed')}
        >
          It failed
        </Button>
      </div>
      {take.error && <ProblemNotice problem={take.error} title="The stage was not taken" />}
    </div>
  )
}
