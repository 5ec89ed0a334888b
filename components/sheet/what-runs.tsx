import type { ReactNode } from 'react'
import { countWords } from '#components/ui/count-words'
import { RelativeTime } from '#components/ui/relative-time'
import type { SheetView } from '#lib/promotions/sheet'

/** "One more runs while they are exchanged, and none is missing." */
function exchangeWords({ maxSurge, maxUnavailable }: SheetView['strategy']): string {
  const more = maxSurge === 0 ? 'None runs beside them' : maxSurge === 1 ? 'One more runs' : `Up to ${maxSurge} more run`
  const less = maxUnavailable === 0 ? 'none is missing' : maxUnavailable === 1 ? 'one may be missing' : `up to ${maxUnavailable} may be missing`
  return `${more} while they are exchanged, and ${less}.`
}

/** How many run, how they are exchanged, and how long the window stays open. */
export function WhatRuns({ sheet }: { sheet: SheetView }): ReactNode {
  const { replicas, strategy, closesAt, environment, kind, policyVersion } = sheet
  return (
    <section className="text-sm">
      <div className="mb-1 flex flex-wrap items-baseline justify-between gap-x-3">
        <h3 className="font-[600] text-ink-2">What runs</h3>
        <p className="text-ink-3 tabular-nums">{kind === 'stop' ? 'nothing' : `${countWords(replicas, 'replica')} of each component`}</p>
      </div>
      <p className="text-ink-3">
        {kind === 'stop' ? 'Every replica is stopped; the address answers nothing until it is started again.' : exchangeWords(strategy)} Judged by
        policy {policyVersion} of {environment.slug}.{' '}
        {closesAt && (
          <>
            {environment.slug} closes <RelativeTime at={closesAt} />.
          </>
        )}
      </p>
    </section>
  )
}
