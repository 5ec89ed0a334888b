'use client'
import type { ReactNode } from 'react'
import type { Problem } from '#components/api'
import { ProblemNotice } from '#components/ui/problem-notice'

/** A refusal at the end of a long form, brought into view as it arises: nobody presses a button and sees nothing. */
export function ProblemInView({ problem, title }: { problem: Problem; title: string }): ReactNode {
  return (
    <div ref={bringIntoView}>
      <ProblemNotice problem={problem} title={title} />
    </div>
  )
}

// One function for all renders, so that it runs once and not at every key.
function bringIntoView(element: HTMLDivElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}
