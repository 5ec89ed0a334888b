import type { ReactNode } from 'react'
import { Status } from '#components/ui/status'
import type { RetierImpact } from '#lib/tenants/tenant'

/** What a change of tier would do, line by line; nothing is ever deleted by it. */
export function RetierReport({ impact }: { impact: RetierImpact }): ReactNode {
  const { creates, becomeReadOnly, becomeOpen, follow } = impact
  const isNothing = creates.length + becomeReadOnly.length + becomeOpen.length + follow.length === 0
  return (
    <section aria-label="What it would do" role="status" className="rounded-2 border bg-sunken px-3 py-2.5">
      <p className="mb-1 font-[570] text-ink">
        {impact.from} → {impact.to}
      </p>
      <ul className="grid gap-1">
        {creates.map((slug) => (
          <Line key={`c-${slug}`} tone="ok" word="made">
            {slug}, with the default policy
          </Line>
        ))}
        {becomeOpen.map((slug) => (
          <Line key={`o-${slug}`} tone="ok" word="open again">
            {slug}
          </Line>
        ))}
        {follow.map((slug) => (
          <Line key={`f-${slug}`} tone="run" word="follows">
            {slug} takes upstream, protection and untouched policy of {impact.to}
          </Line>
        ))}
        {becomeReadOnly.map(({ slug, deployments, unsettledPromotions }) => (
          <Line key={`r-${slug}`} tone="wait" word="read only">
            {slug}: {deployments} running {deployments === 1 ? 'deployment goes' : 'deployments go'} on, {unsettledPromotions} waiting{' '}
            {unsettledPromotions === 1 ? 'promotion' : 'promotions'}; nothing new comes in
          </Line>
        ))}
        {isNothing && <li>No environment changes.</li>}
      </ul>
      <p className="mt-1.5 text-sm text-ink-3">Nothing is deleted.</p>
    </section>
  )
}

function Line({ tone, word, children }: { tone: 'ok' | 'run' | 'wait'; word: string; children: ReactNode }): ReactNode {
  return (
    <li className="flex flex-wrap items-baseline gap-x-2">
      <Status tone={tone} plain icon={undefined}>
        {word}
      </Status>
      <span className="min-w-0 flex-1 basis-40">{children}</span>
    </li>
  )
}
