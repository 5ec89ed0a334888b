'use client'
import { ActDialog } from '#components/ui/act-dialog'
import { useRouter } from 'next/navigation'
import { useState, type ReactNode } from 'react'
import { promotionTitle } from '#components/promotion/promotion-words'
import { usePromotionAct } from '#components/promotion/use-promotion'
import { Textarea } from '#components/ui/textarea'
import type { PromotionView } from '#lib/promotions/promotion'

interface RepeatDialogProps {
  tenant: string
  promotion: PromotionView
  act: 'retry' | 'askAgain'
  onClose: () => void
}

/** The same request as a new promotion that names this one: new plan, new gates, new approvals. */
export function RepeatDialog({ tenant, promotion, act, onClose }: RepeatDialogProps): ReactNode {
  const router = useRouter()
  const [reason, setReason] = useState(promotion.reason)
  const repeat = usePromotionAct<{ reason: string }>(tenant, promotion.id, act === 'retry' ? 'retries' : 'requests')
  return (
    <ActDialog
      change={repeat}
      input={{ reason }}
      onClose={onClose}
      onDone={({ id }) => {
        onClose()
        router.push(`/t/${tenant}/promotions/${id}`)
      }}
      title={act === 'retry' ? 'Retry this promotion' : 'Fix and ask again'}
      description={`${promotionTitle(promotion)}, as a new promotion linked to this one: its plan, gates and approvals are new.`}
      act={act === 'retry' ? 'Retry' : 'Ask again'}
      stay="Not now"
      failed="It was not asked for again"
    >
      <Textarea label="Reason" rows={3} maxLength={2000} value={reason} onChange={(event) => setReason(event.target.value)} />
    </ActDialog>
  )
}
