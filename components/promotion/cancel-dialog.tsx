'use client'
import { useState, type ReactNode } from 'react'
import { usePromotionAct } from '#components/promotion/use-promotion'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { TextField } from '#components/ui/text-field'
import type { PromotionView } from '#lib/promotions/promotion'

/** Takes a request back at once; a rollout stops after the running step. */
export function CancelDialog({ tenant, promotion, onClose }: { tenant: string; promotion: PromotionView; onClose: () => void }): ReactNode {
  const [reason, setReason] = useState('')
  const cancel = usePromotionAct<{ reason: string }>(tenant, promotion.id, 'cancellations')
  const isRolling = promotion.state === 'rolling_out'
  return (
    <ConfirmDialog
      change={cancel}
      input={{ reason }}
      onClose={onClose}
      title={isRolling ? 'Stop this rollout?' : 'Cancel this request?'}
      act={isRolling ? 'Stop the rollout' : 'Cancel the request'}
    >
      <p>
        {isRolling
          ? 'It stops after the running step. Replicas that are replaced stay so; the page then says which are where. Retry it or roll back afterwards.'
          : `Nothing has run: ${promotion.environment.slug} stays as it is. Approvals given for it become void.`}
      </p>
      <TextField label="Reason (optional)" maxLength={2000} value={reason} onChange={(event) => setReason(event.target.value)} />
    </ConfirmDialog>
  )
}
