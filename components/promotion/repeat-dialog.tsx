'use client'
import { useRouter } from 'next/navigation'
import { useState, type ReactNode } from 'react'
import { promotionTitle } from '#components/promotion/promotion-words'
import { usePromotionAct } from '#components/promotion/use-promotion'
import { Button } from '#components/ui/button'
import { Dialog } from '#components/ui/dialog'
import { ProblemNotice } from '#components/ui/problem-notice'
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
  const repeat = usePromotionAct<{ reason: string }>(tenant, promotion.id, act === 'retry' ? 'retries' : 'requests', (view) => {
    onClose()
    router.push(`/t/${tenant}/promotions/${view.id}`)
  })
  const foot = (
    <>
      <Button onClick={onClose}>Not now</Button>
      <Button tone="primary" busy={repeat.isPending} onClick={() => repeat.mutate({ reason })}>
        {act === 'retry' ? 'Retry' : 'Ask again'}
      </Button>
    </>
  )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={act === 'retry' ? 'Retry this promotion' : 'Fix and ask again'}
      description={`${promotionTitle(promotion)}, as a new promotion linked to this one: its plan, gates and approvals are new.`}
      foot={foot}
    >
      <div className="grid gap-3">
        <Textarea label="Reason" rows={3} maxLength={2000} value={reason} onChange={(event) => setReason(event.target.value)} />
        {repeat.error && <ProblemNotice problem={repeat.error} title="It was not asked for again" />}
      </div>
    </Dialog>
  )
}
