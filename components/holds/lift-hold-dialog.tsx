'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantPath } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { ActDialog } from '#components/ui/act-dialog'
import { fieldsOf } from '#components/ui/draft-field'
import { Textarea } from '#components/ui/textarea'
import type { HoldNote } from '#lib/promotions/hold'

interface LiftHoldDialogProps {
  tenant: string
  /** `orders in prod` */
  place: string
  hold: Pick<HoldNote, 'id' | 'reason'>
  onClose: () => void
}

/** Lets new things in again: in the name of whoever does it, with their reason. */
export function LiftHoldDialog({ tenant, place, hold, onClose }: LiftHoldDialogProps): ReactNode {
  const [draft, setDraft] = useState({ reason: '' })
  const lift = useChange((body: { reason: string }) => apiSend('POST', tenantPath(tenant, 'holds', hold.id, 'lifts'), body), [['t', tenant]])
  return (
    <ActDialog
      change={lift}
      input={draft}
      onClose={onClose}
      size="sm"
      title={`Lift the hold of ${place}?`}
      description="It stands in your name. Requests that wait only for this go on by themselves."
      act="Lift the hold"
      stay="Leave it held"
      missing={draft.reason.trim() === '' && 'Write why it may go on first.'}
      failed="The hold was not lifted"
    >
      <p className="break-words text-ink-2">Held: {hold.reason}</p>
      <Textarea label="Why it may go on" rows={2} maxLength={2000} {...fieldsOf(draft, setDraft, lift.error)('reason')} />
    </ActDialog>
  )
}
