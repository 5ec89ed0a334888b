'use client'
import { Ban, Check, RotateCcw, Undo2, X } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useState, type ReactNode } from 'react'
import { Button } from '#components/ui/button'
import type { PromotionView } from '#lib/promotions/promotion'
import { mayPromotion, type PromotionAct } from '#lib/promotions/promotion-state'
import type { Verdict } from '#lib/platform/refusal'

// Their code comes when they are opened.
const ApproveDialog = dynamic(async () => (await import('#components/approvals/approve-dialog')).ApproveDialog, { ssr: false })
const RejectDialog = dynamic(async () => (await import('#components/approvals/reject-dialog')).RejectDialog, { ssr: false })
const CancelDialog = dynamic(async () => (await import('#components/promotion/cancel-dialog')).CancelDialog, { ssr: false })
const RepeatDialog = dynamic(async () => (await import('#components/promotion/repeat-dialog')).RepeatDialog, { ssr: false })

type Open = 'approve' | 'reject' | 'cancel' | 'retry' | 'askAgain' | null

/** What can be done with a promotion in its state; what somebody may not do says why, and who can. */
export function PromotionActs({ tenant, promotion }: { tenant: string; promotion: PromotionView }): ReactNode {
  const [open, setOpen] = useState<Open>(null)
  const router = useRouter()
  const { may } = promotion
  const close = (): void => setOpen(null)
  const isInState = (act: PromotionAct) => mayPromotion(act, promotion).allowed
  const where = new URLSearchParams({ app: promotion.application.slug, env: promotion.environment.slug })
  return (
    <>
      {isInState('cancel') && (
        <Button icon={X} disabledReason={why(may.cancel)} onClick={() => setOpen('cancel')}>
          {promotion.state === 'rolling_out' ? 'Stop the rollout' : 'Cancel the request'}
        </Button>
      )}
      {isInState('reject') && (
        <Button icon={Ban} disabledReason={why(may.reject)} onClick={() => setOpen('reject')}>
          Reject
        </Button>
      )}
      {isInState('approve') && (
        <Button tone="primary" icon={Check} disabledReason={why(may.approve)} onClick={() => setOpen('approve')}>
          Approve
        </Button>
      )}
      {isInState('rollBack') && (
        <Button icon={Undo2} disabledReason={why(may.rollBack)} onClick={() => router.push(`/t/${tenant}/rollback?${where}`)}>
          Roll back
        </Button>
      )}
      {isInState('retry') && (
        <Button tone="primary" icon={RotateCcw} disabledReason={why(may.retry)} onClick={() => setOpen('retry')}>
          Retry
        </Button>
      )}
      {isInState('askAgain') && (
        <Button tone="primary" icon={RotateCcw} disabledReason={why(may.askAgain)} onClick={() => setOpen('askAgain')}>
          Fix and ask again
        </Button>
      )}
      {open === 'approve' && <ApproveDialog tenant={tenant} promotion={promotion} onClose={close} />}
      {open === 'reject' && <RejectDialog tenant={tenant} promotion={promotion} onClose={close} />}
      {open === 'cancel' && <CancelDialog tenant={tenant} promotion={promotion} onClose={close} />}
      {(open === 'retry' || open === 'askAgain') && <RepeatDialog tenant={tenant} promotion={promotion} act={open} onClose={close} />}
    </>
  )
}

/** The words for a control that may not be used. */
export function why(verdict: Verdict): string | undefined {
  return verdict.allowed ? undefined : [verdict.reason, verdict.fix ?? ''].filter(Boolean).join(' ')
}
