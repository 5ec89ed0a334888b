import Link from 'next/link'
import type { ReactNode } from 'react'
import { Facts } from '#components/promotion/facts'
import { isWaiting, kindWords } from '#components/promotion/promotion-words'
import { Digest } from '#components/ui/digest'
import { RelativeTime } from '#components/ui/relative-time'
import type { PromotionView } from '#lib/promotions/promotion'

/** Who and when: requested by, approved by, deployed by; why; and the plan that all of it is about. */
export function PromotionFacts({ tenant, promotion }: { tenant: string; promotion: PromotionView }): ReactNode {
  const { rollout } = promotion
  const approved = promotion.approvals.filter(({ decision, counts }) => decision === 'approved' && counts)
  const link = (id: string): ReactNode => (
    <Link href={`/t/${tenant}/promotions/${id}`} className="text-accent hover:underline">
      that promotion
    </Link>
  )
  return (
    <Facts
      items={[
        ['Act', kindWords[promotion.kind]],
        [
          'Requested by',
          <By
            key="requested"
            name={promotion.requestedBy.name}
            at={promotion.requestedAt}
            aside={promotion.requesterKind === 'token' ? 'by token' : ''}
          />,
        ],
        [
          'Approved by',
          approved.length === 0 ? (
            <span className="text-ink-3">{isWaiting(promotion.state) ? 'nobody yet' : 'nobody'}</span>
          ) : (
            approved.map(({ id, by, decidedAt }) => <By key={id} name={by.name} at={decidedAt} />)
          ),
        ],
        [
          'Deployed by',
          rollout ? <By key="deployed" name="Caisson" at={rollout.startedAt ?? rollout.createdAt} /> : <span className="text-ink-3">not yet</span>,
        ],
        ['Settled', promotion.settledAt && <RelativeTime at={promotion.settledAt} />],
        ['Expires', promotion.expiresAt && <RelativeTime at={promotion.expiresAt} />],
        ['Reason', promotion.reason],
        ['Incident', promotion.incident && <Incident key="incident" words={promotion.incident} />],
        ['Follows', promotion.automaticFor && link(promotion.automaticFor)],
        ['Retry of', promotion.retryOf && link(promotion.retryOf)],
        ['Replaced by', promotion.supersededBy && link(promotion.supersededBy)],
        ['Plan digest', <Digest key="plan" digest={promotion.planDigest} form="full" isMarked={false} isCopied />],
        ['Policy', `version ${promotion.plan.policyVersion} of ${promotion.environment.slug}`],
      ]}
    />
  )
}

function By({ name, at, aside = '' }: { name: string; at: string; aside?: string }): ReactNode {
  return (
    <span className="block">
      {name}
      {aside && <span className="text-ink-3"> {aside}</span>}
      <span className="text-ink-3">
        , <RelativeTime at={at} />
      </span>
    </span>
  )
}

/** An address is a link; a number is what it is. */
function Incident({ words }: { words: string }): ReactNode {
  if (!/^https?:\/\/\S+$/.test(words)) return words
  return (
    <a href={words} target="_blank" rel="noreferrer" className="break-all text-accent hover:underline">
      {words}
    </a>
  )
}
