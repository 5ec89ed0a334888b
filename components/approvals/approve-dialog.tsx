'use client'
import { useState, type ReactNode } from 'react'
import { PasswordForm } from '#components/approvals/password-form'
import { PlanChanges } from '#components/promotion/plan-changes'
import { PlanLanes } from '#components/promotion/plan-lanes'
import { promotionTitle, subjectWords } from '#components/promotion/promotion-words'
import { usePromotionAct } from '#components/promotion/use-promotion'
import { Banner } from '#components/ui/banner'
import { Button } from '#components/ui/button'
import { Dialog } from '#components/ui/dialog'
import { Digest } from '#components/ui/digest'
import { ProblemNotice } from '#components/ui/problem-notice'
import { TextField } from '#components/ui/text-field'
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
  const [meaning, setMeaning] = useState(usualMeaning)
  const [comment, setComment] = useState('')
  const approve = usePromotionAct<Omit<ApprovePromotionInput, 'promotion'>>(tenant, shown.id, 'approvals', onClose)
  const hasMoved = shown.planDigest !== promotion.planDigest
  const asksPassword = approve.error?.code === 'reauthentication_required'
  const send = (): void => approve.mutate({ planDigest: shown.planDigest, meaning, comment })
  const readNew = (): void => {
    approve.reset()
    setShown(promotion)
  }
  const missing = [
    hasMoved && 'The plan moved. Read it as it is now first.',
    asksPassword && 'Type your password first.',
    meaning.trim() === '' && 'Say what the approval means.',
  ].find((words) => words !== false)
  const foot = (
    <>
      <Button onClick={onClose}>Not now</Button>
      <Button tone="primary" busy={approve.isPending} disabledReason={missing} onClick={send}>
        Approve {subjectWords(shown)} for {shown.environment.slug}
      </Button>
    </>
  )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={promotionTitle(shown)}
      description={`Requested by ${shown.requestedBy.name}. You approve this plan and no other.`}
      size="lg"
      foot={foot}
    >
      <div className="grid gap-4">
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
        <TextField label="What your approval says" value={meaning} maxLength={500} onChange={(event) => setMeaning(event.target.value)} />
        <Textarea label="Comment" rows={2} maxLength={2000} value={comment} onChange={(event) => setComment(event.target.value)} />
        {asksPassword && approve.error && <PasswordForm why={approve.error.detail} onDone={send} />}
        {approve.error && !asksPassword && <ProblemNotice problem={approve.error} title="The approval was not recorded" />}
      </div>
    </Dialog>
  )
}
