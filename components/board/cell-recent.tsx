import Link from 'next/link'
import type { ReactNode } from 'react'
import { PromotionState } from '#components/board/promotion-words'
import { DigestMark } from '#components/ui/digest-mark'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import type { CellView } from '#lib/promotions/cell'

/** What happened here, newest first. */
export function CellRecent({ tenant, cell }: { tenant: string; cell: CellView }): ReactNode {
  if (cell.recent.length === 0) return null
  return (
    <Section
      title="Recent"
      aside={
        <Link href={`/t/${tenant}/environments/${cell.environment.slug}?app=${cell.application.slug}`} className="text-accent hover:underline">
          All of {cell.environment.slug}
        </Link>
      }
    >
      <ul className="divide-y rounded-2 border">
        {cell.recent.map(({ id, kind, release, digest, state, outcome, requestedBy, requestedAt }) => (
          <li key={id} className="grid gap-0.5 px-3 py-2">
            <span className="flex items-center gap-2">
              <DigestMark digest={digest} />
              <Link href={`/t/${tenant}/promotions/${id}`} className="min-w-0 truncate font-[550] hover:underline">
                {kind} <span className="font-mono text-sm">{release}</span>
              </Link>
              <span className="ml-auto">
                <PromotionState state={state} outcome={outcome} />
              </span>
            </span>
            <span className="text-sm text-ink-3">
              requested by {requestedBy.name} <RelativeTime at={requestedAt} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
