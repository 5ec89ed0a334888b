'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantPath } from '#components/live'
import { WeeklyFields, weekendIn } from '#components/freezes/weekly-fields'
import { PlaceFilters } from '#components/promotion/place-filters'
import { useChange } from '#components/tenant/use-change'
import { ActDialog } from '#components/ui/act-dialog'
import { Checkbox } from '#components/ui/checkbox'
import { fieldsOf } from '#components/ui/draft-field'
import { fromLocalInput, useTimeZone } from '#components/ui/local-time'
import { TextField } from '#components/ui/text-field'
import { Textarea } from '#components/ui/textarea'
import type { CreateFreezeInput } from '#lib/promotions/freeze'
import type { Weekly } from '#lib/promotions/weekly'

interface FreezeDialogProps {
  tenant: string
  /** A window is planned; stopping the line closes at once and names an incident. */
  kind: 'window' | 'stop_the_line'
  onClose: () => void
}

const blank = { app: '', env: '', reason: '', incident: '', startsAt: '', endsAt: '' }

/** Closes promotion in a scope: every field left empty means the widest, at once, until it is lifted. */
export function FreezeDialog({ tenant, kind, onClose }: FreezeDialogProps): ReactNode {
  const zone = useTimeZone()
  const [form, setForm] = useState(blank)
  const [weekly, setWeekly] = useState<Weekly | null>(null)
  const isStop = kind === 'stop_the_line'
  const create = useChange((body: CreateFreezeInput) => apiSend('POST', tenantPath(tenant, 'freezes'), body), [['t', tenant]])
  const field = fieldsOf(form, setForm, create.error)
  const act = isStop ? stopWords(form) : weekly ? 'Close it each week' : form.startsAt === '' ? 'Close it now' : 'Plan the window'
  const reason = <Textarea label="Reason" rows={2} maxLength={2000} hint="Whoever is stopped by it reads this." {...field('reason')} />
  return (
    <ActDialog
      change={create}
      input={bodyOf(kind, form, weekly)}
      onClose={onClose}
      title={isStop ? 'Stop the line' : 'New window'}
      description={
        isStop
          ? 'Closes promotion at once, until it is lifted. What runs goes on, and rollbacks pass.'
          : 'Closes promotion for a time. Rollbacks pass.'
      }
      act={act}
      tone={isStop ? 'danger' : 'primary'}
      stay="Leave it open"
      missing={[form.reason.trim() === '' && 'Write the reason first.', isStop && form.incident.trim() === '' && 'Name the incident first.']}
      failed={isStop ? 'The line was not stopped' : 'The window was not set'}
    >
      {isStop && (
        <>
          {reason}
          <TextField label="Incident" hint="Its number: the line is stopped for it." maxLength={200} {...field('incident')} />
        </>
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        <PlaceFilters
          tenant={tenant}
          app={form.app}
          env={form.env}
          onChange={({ app, env }) =>
            setForm({ ...form, app: app === undefined ? form.app : (app ?? ''), env: env === undefined ? form.env : (env ?? '') })
          }
        />
      </div>
      {!isStop && (
        <Checkbox
          label="It comes back each week"
          checked={weekly !== null}
          onChange={(event) => setWeekly(event.target.checked ? weekendIn(zone) : null)}
        />
      )}
      {weekly && <WeeklyFields weekly={weekly} onChange={setWeekly} error={create.error?.field('weekly')} />}
      <div className="grid gap-3 sm:grid-cols-2">
        {!isStop && (
          <TextField
            label={weekly ? 'Not before' : 'Closes'}
            type="datetime-local"
            hint={`Now, when empty. Times are ${zone || 'your local time'}.`}
            {...field('startsAt')}
          />
        )}
        <TextField
          label={weekly ? 'Not after' : 'Opens'}
          type="datetime-local"
          hint={`When it is lifted, if empty.${isStop ? ` Times are ${zone || 'your local time'}.` : ''}`}
          {...field('endsAt')}
        />
      </div>
      {!isStop && reason}
    </ActDialog>
  )
}

function bodyOf(
  kind: FreezeDialogProps['kind'],
  { app, env, reason, incident, startsAt, endsAt }: typeof blank,
  weekly: Weekly | null,
): CreateFreezeInput {
  return {
    kind,
    environment: env || undefined,
    application: app || undefined,
    reason: reason.trim(),
    incident: incident.trim(),
    startsAt: fromLocalInput(startsAt) ?? undefined,
    endsAt: fromLocalInput(endsAt) ?? undefined,
    weekly: weekly ?? undefined,
  }
}

function stopWords({ app, env }: typeof blank): string {
  if (app === '' && env === '') return 'Stop the line everywhere'
  return `Stop the line ${[app && `of ${app}`, env && `in ${env}`].filter(Boolean).join(' ')}`
}
