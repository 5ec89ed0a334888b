import type { ReactNode } from 'react'
import { shortDigest } from '#components/ui/digest'
import { RelativeTime } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import type { ApprovalView } from '#lib/promotions/promotion'

/** Every decision on a promotion: whose, what it says, and whether it counts for the plan as it is. */
export function ApprovalList({ approvals, isOpen }: { approvals: readonly ApprovalView[]; isOpen: boolean }): ReactNode {
  if (approvals.length === 0) return <p className="text-ink-3">{isOpen ? 'Nobody has decided yet.' : 'Nobody decided on it.'}</p>
  return (
    <ul className="grid gap-3">
      {approvals.map((approval) => (
        <Decision key={approval.id} approval={approval} />
      ))}
    </ul>
  )
}

function Decision({ approval }: { approval: ApprovalView }): ReactNode {
  const { decision, by, meaning, comment, decidedAt, authenticatedAt, planDigest, counts, whyNot } = approval
  return (
    <li className="grid gap-1 border-b pb-3 last:border-b-0 last:pb-0">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-[550]">{by.name}</span>
        <span className="text-ink-3">
          {decision === 'approved' ? 'approved' : 'rejected'} <RelativeTime at={decidedAt} />
        </span>
        <span className="ml-auto">
          <DecisionStatus decision={decision} counts={counts} />
        </span>
      </p>
      {meaning !== '' && decision === 'approved' && <p className="text-ink-2">“{meaning}”</p>}
      {comment !== '' && <p className="break-words">{comment}</p>}
      {!counts && decision === 'approved' && <p className="text-wait">{whyNot}</p>}
      <p className="text-sm text-ink-3">
        plan <code className="font-mono">{shortDigest(planDigest, 12)}</code>, password typed <RelativeTime at={authenticatedAt} />
      </p>
    </li>
  )
}

function DecisionStatus({ decision, counts }: Pick<ApprovalView, 'decision' | 'counts'>): ReactNode {
  if (decision === 'rejected') return <Status tone="bad">rejected</Status>
  return counts ? <Status tone="ok">counts</Status> : <Status tone="off">does not count</Status>
}
