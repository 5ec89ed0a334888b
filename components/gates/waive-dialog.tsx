'use client'
import { apiSend } from '#components/api'
import { useChange } from '#components/tenant/use-change'
import { ActDialog } from '#components/ui/act-dialog'
import { fieldsOf } from '#components/ui/draft-field'
import type { GrantWaiverInput } from '#lib/promotions/waiver'
import { maxWaiverDays } from '#lib/promotions/waivable'
import { useState, type ReactNode } from 'react'
import { gateName } from '#components/gates/gate-words'
import { tenantPath } from '#components/live'
import { fromLocalInput, toLocalInput } from '#components/ui/local-time'
import { TextField } from '#components/ui/text-field'
import { Textarea } from '#components/ui/textarea'

interface WaiveDialogProps {
  tenant: string
  gate: string
  place: { application: string; environment: string }
  onClose: () => void
}

const dayMs = 86_400_000

/** A named, reasoned exception to one gate of one application in one environment, with an end. */
export function WaiveDialog({ tenant, gate, place, onClose }: WaiveDialogProps): ReactNode {
  const [draft, setDraft] = useState(() => ({ reason: '', endsAt: toLocalInput(new Date(Date.now() + dayMs)) }))
  const grant = useChange((body: GrantWaiverInput) => apiSend('POST', tenantPath(tenant, 'waivers'), body), [['t', tenant]])
  const field = fieldsOf(draft, setDraft, grant.error)
  const ends = fromLocalInput(draft.endsAt)
  return (
    <ActDialog
      change={grant}
      input={{ ...place, gate, reason: draft.reason, endsAt: ends ?? '' }}
      onClose={onClose}
      title={`Waive ${gateName(gate).toLowerCase()}`}
      description={`For ${place.application} in ${place.environment} only. It becomes part of the plan: approvals given before it are void.`}
      act="Waive it"
      stay="Keep the gate"
      missing={[draft.reason.trim() === '' && 'Write the reason first.', ends === null && 'Choose when it ends.']}
      failed="The gate was not waived"
    >
      <Textarea label="Reason" hint="The audit log keeps it under your name." rows={3} {...field('reason')} />
      <TextField label="Ends" type="datetime-local" hint={`At most ${maxWaiverDays} days from now, in your own time zone.`} {...field('endsAt')} />
    </ActDialog>
  )
}
