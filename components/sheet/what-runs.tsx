import type { ReactNode } from 'react'
import { countWords } from '#components/sheet/sheet-lanes'
import { RelativeTime } from '#components/ui/relative-time'
import type { SheetView } from '#lib/promotions/sheet'

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
        {kind === 'stop'
          ? 'Every replica is stopped; the address answers nothing until it is started again.'
          : `At most ${strategy.maxUnavailable} not ready, at most ${strategy.maxSurge} more while they are exchanged.`}{' '}
        Judged by policy {policyVersion} of {environment.slug}.{' '}
        {closesAt && (
          <>
            {environment.slug} closes <RelativeTime at={closesAt} />.
          </>
        )}
      </p>
    </section>
  )
}
