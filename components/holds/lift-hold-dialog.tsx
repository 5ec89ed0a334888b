'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { apiSend, type Problem } from '#components/api'
import { tenantPath } from '#components/live'
import { Button } from '#components/ui/button'
import { Dialog } from '#components/ui/dialog'
import { ProblemNotice } from '#components/ui/problem-notice'
import { Textarea } from '#components/ui/textarea'
import type { HoldNote, HoldView } from '#lib/promotions/hold'

interface LiftHoldDialogProps {
  tenant: string
  /** `orders in prod` */
  place: string
  hold: Pick<HoldNote, 'id' | 'reason'>
  onClose: () => void
}

/** Lets new things in again: in the name of whoever does it, with their reason. */
export function LiftHoldDialog({ tenant, place, hold, onClose }: LiftHoldDialogProps): ReactNode {
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const lift = useMutation<HoldView, Problem, string>({
    mutationFn: (words) => apiSend<HoldView>('POST', tenantPath(tenant, 'holds', hold.id, 'lifts'), { reason: words }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['t', tenant] })
      onClose()
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="sm"
      title={`Lift the hold of ${place}?`}
      description="It stands in your name. Requests that wait only for this go on by themselves."
      foot={
        <>
          <Button onClick={onClose}>Leave it held</Button>
          <Button
            tone="primary"
            busy={lift.isPending}
            disabledReason={reason.trim() === '' ? 'Write why it may go on first.' : undefined}
            onClick={() => lift.mutate(reason.trim())}
          >
            Lift the hold
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <p className="break-words text-ink-2">Held: {hold.reason}</p>
        <Textarea
          label="Why it may go on"
          rows={2}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          error={lift.error?.field('reason')}
        />
        {lift.error && <ProblemNotice problem={lift.error} title="The hold was not lifted" />}
      </div>
    </Dialog>
  )
}
