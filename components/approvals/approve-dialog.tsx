'use client'
import { ActDialog } from '#components/ui/act-dialog'
import { fieldsOf } from '#components/ui/draft-field'
import { useState, type ReactNode } from 'react'
import { PlanChanges } from '#components/promotion/plan-changes'
import { PlanLanes } from '#components/promotion/plan-lanes'
import { promotionTitle, subjectWords } from '#components/promotion/promotion-words'
import { usePromotionAct } from '#components/promotion/use-promotion'
import { Banner } from '#components/ui/banner'
import { Button } from '#components/ui/button'
import { Digest } from '#components/ui/digest'
import { Textarea } from '#components/ui/textarea'
import { approvePromotionInput, type ApprovePromotionInput, type PromotionView } from '#lib/promotions/promotion'

interface ApproveDialogProps {
  tenant: string
  /** The promotion as it stands. */
  promotion: PromotionView
  onClose: () => void
}

const usualMeaning = approvePromotionInput.shape.meaning.parse(undefined)

/**
 * An approval signs the plan that this dialog shows, and sends that plan's digest. What the approver sees does not change
 * under their eyes: when the plan moves meanwhile it says so, and they choose to read the new one.
 */
export function ApproveDialog({ tenant, promotion, onClose }: ApproveDialogProps): ReactNode {
  const [shown, setShown] = useState(promotion)
  const [words, setWords] = useState({ meaning: usualMeaning, comment: '' })
  const approve = usePromotionAct<Omit<ApprovePromotionInput, 'promotion'>>(tenant, shown.id, 'approvals')
  const field = fieldsOf(words, setWords, approve.error)
  const hasMoved = shown.planDigest !== promotion.planDigest
  const readNew = (): void => {
    approve.reset()
    setShown(promotion)
  }
  return (
    <ActDialog
      change={approve}
      input={{ planDigest: shown.planDigest, ...words }}
      onClose={onClose}
      title={promotionTitle(shown)}
      description={`Requested by ${shown.requestedBy.name}. You approve this plan and no other.`}
      size="lg"
      act={`Approve ${subjectWords(shown)} for ${shown.environment.slug}`}
      stay="Not now"
      missing={[hasMoved && 'The plan moved. Read it as it is now first.', words.meaning.trim() === '' && 'Say what the approval means.']}
      failed="The approval was not recorded"
      isSigned
    >
      {hasMoved && (
        <Banner
          tone="wait"
          role="status"
          title="The plan moved while you were reading."
          action={<Button onClick={readNew}>Read the plan as it is now</Button>}
        >
          {promotion.moved.join('; ')}
        </Banner>
      )}
      <div>
        <p className="text-sm font-[550] text-ink-2">Plan digest</p>
        <Digest digest={shown.planDigest} form="full" isMarked={false} isCopied />
      </div>
      <PlanChanges plan={shown.plan} />
      <PlanLanes tenant={tenant} promotion={shown} />
      <Textarea label="What your approval says" rows={2} maxLength={500} {...field('meaning')} />
      <Textarea label="Comment" rows={2} maxLength={2000} {...field('comment')} />
    </ActDialog>
  )
}
