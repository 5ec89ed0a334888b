'use client'
import { ActDialog } from '#components/ui/act-dialog'
import { useState, type ReactNode } from 'react'
import { subjectWords } from '#components/promotion/promotion-words'
import { usePromotionAct } from '#components/promotion/use-promotion'
import { fieldsOf } from '#components/ui/draft-field'
import { Textarea } from '#components/ui/textarea'
import type { PromotionView } from '#lib/promotions/promotion'

/** A rejection says why, so that whoever asked can fix it and ask again. */
export function RejectDialog({ tenant, promotion, onClose }: { tenant: string; promotion: PromotionView; onClose: () => void }): ReactNode {
  const [draft, setDraft] = useState({ reason: '' })
  const reject = usePromotionAct<{ reason: string }>(tenant, promotion.id, 'rejections')
  return (
    <ActDialog
      change={reject}
      input={draft}
      onClose={onClose}
      title="Reject this promotion"
      description={`${promotion.requestedBy.name} reads the reason and can fix it and ask again.`}
      act={`Reject ${subjectWords(promotion)} for ${promotion.environment.slug}`}
      tone="danger"
      stay="Not now"
      missing={draft.reason.trim() === '' && 'Write the reason first.'}
      failed="The rejection was not recorded"
    >
      <Textarea label="Reason" rows={3} maxLength={2000} {...fieldsOf(draft, setDraft, reject.error)('reason')} />
    </ActDialog>
  )
}
