'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { apiSend, type Problem } from '#components/api'
import { gateName } from '#components/gates/gate-words'
import { tenantPath } from '#components/live'
import { Button } from '#components/ui/button'
import { Dialog } from '#components/ui/dialog'
import { fromLocalInput, toLocalInput } from '#components/ui/local-time'
import { ProblemNotice } from '#components/ui/problem-notice'
import { TextField } from '#components/ui/text-field'
import { Textarea } from '#components/ui/textarea'
import { maxWaiverDays, type GrantWaiverInput, type WaiverView } from '#lib/promotions/waiver'

interface WaiveDialogProps {
  tenant: string
  /** The gate to waive; null while the dialog is closed. */
  gate: string | null
  place: { application: string; environment: string }
  onClose: () => void
}

const dayMs = 86_400_000

/** A named, reasoned exception to one gate of one application in one environment, with an end. */
export function WaiveDialog({ tenant, gate, place, onClose }: WaiveDialogProps): ReactNode {
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [endsAt, setEndsAt] = useState(() => toLocalInput(new Date(Date.now() + dayMs)))
  const grant = useMutation<WaiverView, Problem, GrantWaiverInput>({
    mutationFn: (body) => apiSend<WaiverView>('POST', tenantPath(tenant, 'waivers'), body),
    onSuccess: async () => {
      close()
      await client.invalidateQueries({ queryKey: ['t', tenant] })
    },
  })
  const close = (): void => {
    setReason('')
    grant.reset()
    onClose()
  }
  const ends = fromLocalInput(endsAt)
  const missing = reason.trim() === '' ? 'Write the reason first.' : ends === null ? 'Choose when it ends.' : undefined
  const send = (): void => {
    if (gate !== null && ends !== null) grant.mutate({ ...place, gate, reason, endsAt: ends })
  }
  const foot = (
    <>
      <Button onClick={close}>Keep the gate</Button>
      <Button tone="primary" busy={grant.isPending} disabledReason={missing} onClick={send}>
        Waive it
      </Button>
    </>
  )
  return (
    <Dialog
      isOpen={gate !== null}
      onClose={close}
      title={`Waive ${gate === null ? 'a gate' : gateName(gate).toLowerCase()}`}
      description={`For ${place.application} in ${place.environment} only. It becomes part of the plan: approvals given before it are void.`}
      foot={foot}
    >
      <div className="grid gap-3">
        <Textarea
          label="Reason"
          hint="The audit log keeps it under your name."
          rows={3}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          error={grant.error?.field('reason')}
        />
        <TextField
          label="Ends"
          type="datetime-local"
          hint={`At most ${maxWaiverDays} days from now, in your own time zone.`}
          value={endsAt}
          onChange={(event) => setEndsAt(event.target.value)}
          error={grant.error?.field('endsAt')}
        />
        {grant.error && <ProblemNotice problem={grant.error} title="The gate was not waived" />}
      </div>
    </Dialog>
  )
}
