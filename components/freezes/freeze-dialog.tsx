'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { apiSend, type Problem } from '#components/api'
import { tenantPath } from '#components/live'
import { WeeklyFields, weekendIn } from '#components/freezes/weekly-fields'
import { PlaceFilters } from '#components/promotion/place-filters'
import { Button } from '#components/ui/button'
import { Checkbox } from '#components/ui/checkbox'
import { Dialog } from '#components/ui/dialog'
import { fromLocalInput, useTimeZone } from '#components/ui/local-time'
import { ProblemNotice } from '#components/ui/problem-notice'
import { TextField } from '#components/ui/text-field'
import { Textarea } from '#components/ui/textarea'
import type { CreateFreezeInput, FreezeView } from '#lib/promotions/freeze'
import type { Weekly } from '#lib/promotions/weekly'

interface FreezeDialogProps {
  tenant: string
  /** A window is planned; stopping the line closes at once and names an incident. */
  kind: 'window' | 'stop_the_line'
  onClose: () => void
}

const blank = { app: '', env: '', reason: '', incident: '', from: '', until: '' }

/** Closes promotion in a scope: every field left empty means the widest, at once, until it is lifted. */
export function FreezeDialog({ tenant, kind, onClose }: FreezeDialogProps): ReactNode {
  const client = useQueryClient()
  const zone = useTimeZone()
  const [form, setForm] = useState(blank)
  const [weekly, setWeekly] = useState<Weekly | null>(null)
  const isStop = kind === 'stop_the_line'
  const create = useMutation<FreezeView, Problem, CreateFreezeInput>({
    mutationFn: (body) => apiSend<FreezeView>('POST', tenantPath(tenant, 'freezes'), body),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['t', tenant] })
      onClose()
    },
  })
  const set = (field: keyof typeof blank) => (event: { target: { value: string } }) => setForm({ ...form, [field]: event.target.value })
  const error = (field: string): string | undefined => create.error?.field(field)
  const missing =
    form.reason.trim() === '' ? 'Write the reason first.' : isStop && form.incident.trim() === '' ? 'Name the incident first.' : undefined
  const foot = (
    <>
      <Button onClick={onClose}>Leave it open</Button>
      <Button
        tone={isStop ? 'danger' : 'primary'}
        busy={create.isPending}
        disabledReason={missing}
        onClick={() => create.mutate(bodyOf(kind, form, weekly))}
      >
        {isStop ? 'Stop the line' : weekly ? 'Close it each week' : form.from === '' ? 'Close it now' : 'Plan the window'}
      </Button>
    </>
  )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={isStop ? 'Stop the line' : 'New window'}
      description={isStop ? 'Closes promotion at once, until it is lifted. Rollbacks pass.' : 'Closes promotion for a time. Rollbacks pass.'}
      foot={foot}
    >
      <div className="grid gap-3">
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
        {isStop && (
          <TextField
            label="Incident"
            hint="Its number: the line is stopped for it."
            maxLength={200}
            value={form.incident}
            onChange={set('incident')}
            error={error('incident')}
          />
        )}
        {!isStop && (
          <Checkbox
            label="It comes back each week"
            checked={weekly !== null}
            onChange={(event) => setWeekly(event.target.checked ? weekendIn(zone) : null)}
          />
        )}
        {weekly && <WeeklyFields weekly={weekly} onChange={setWeekly} error={error('weekly')} />}
        <div className="grid gap-3 sm:grid-cols-2">
          {!isStop && (
            <TextField
              label={weekly ? 'Not before' : 'Closes'}
              type="datetime-local"
              hint={`Now, when empty. Times are ${zone || 'your local time'}.`}
              value={form.from}
              onChange={set('from')}
              error={error('startsAt')}
            />
          )}
          <TextField
            label={weekly ? 'Not after' : 'Opens'}
            type="datetime-local"
            hint={`When it is lifted, if empty.${isStop ? ` Times are ${zone || 'your local time'}.` : ''}`}
            value={form.until}
            onChange={set('until')}
            error={error('endsAt')}
          />
        </div>
        <Textarea
          label="Reason"
          rows={3}
          maxLength={2000}
          hint="Whoever is stopped by it reads this."
          value={form.reason}
          onChange={set('reason')}
          error={error('reason')}
        />
        {create.error && <ProblemNotice problem={create.error} title={isStop ? 'The line was not stopped' : 'The window was not set'} />}
      </div>
    </Dialog>
  )
}

function bodyOf(
  kind: FreezeDialogProps['kind'],
  { app, env, reason, incident, from, until }: typeof blank,
  weekly: Weekly | null,
): CreateFreezeInput {
  return {
    kind,
    environment: env || undefined,
    application: app || undefined,
    reason: reason.trim(),
    incident: incident.trim(),
    startsAt: fromLocalInput(from) ?? undefined,
    endsAt: fromLocalInput(until) ?? undefined,
    weekly: weekly ?? undefined,
  }
}
