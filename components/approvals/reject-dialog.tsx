'use client'
import { useState, type ReactNode } from 'react'
import { subjectWords } from '#components/promotion/promotion-words'
import { usePromotionAct } from '#components/promotion/use-promotion'
import { Button } from '#components/ui/button'
import { Dialog } from '#components/ui/dialog'
import { ProblemNotice } from '#components/ui/problem-notice'
import { Textarea } from '#components/ui/textarea'
import type { PromotionView } from '#lib/promotions/promotion'

/** A rejection says why, so that whoever asked can fix it and ask again. */
export function RejectDialog({ tenant, promotion, onClose }: { tenant: string; promotion: PromotionView; onClose: () => void }): ReactNode {
  const [reason, setReason] = useState('')
  const reject = usePromotionAct<{ reason: string }>(tenant, promotion.id, 'rejections', onClose)
  const foot = (
    <>
      <Button onClick={onClose}>Not now</Button>
      <Button
        tone="danger"
        busy={reject.isPending}
        disabledReason={reason.trim() === '' ? 'Write the reason first.' : undefined}
        onClick={() => reject.mutate({ reason })}
      >
        Reject {subjectWords(promotion)} for {promotion.environment.slug}
      </Button>
    </>
  )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Reject this promotion"
      description={`${promotion.requestedBy.name} reads the reason and can fix it and ask again.`}
      foot={foot}
    >
      <div className="grid gap-3">
        <Textarea
          label="Reason"
          rows={3}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          error={reject.error?.field('reason')}
        />
        {reject.error && <ProblemNotice problem={reject.error} title="The rejection was not recorded" />}
      </div>
    </Dialog>
  )
}
