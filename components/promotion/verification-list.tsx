import type { ReactNode } from 'react'
import { Status, type StatusTone } from '#components/ui/status'
import type { VerificationCheck, VerificationResult } from '#lib/rollouts/verification'

const looks: Record<VerificationResult, { tone: StatusTone; word: string }> = {
  pending: { tone: 'off', word: 'not verified yet' },
  passed: { tone: 'ok', word: 'passed' },
  failed: { tone: 'bad', word: 'failed' },
  not_applicable: { tone: 'off', word: 'not applicable' },
}

/** What was seen after everything was applied, suite by suite. */
export function VerificationList({ result, checks }: { result: VerificationResult; checks: readonly VerificationCheck[] }): ReactNode {
  if (checks.length === 0) return <Status tone={looks[result].tone}>{looks[result].word}</Status>
  return (
    <ul className="grid gap-2">
      {checks.map(({ suite, outcome, detail }) => (
        <li key={suite} className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <span className="w-16 font-[550]">{suite}</span>
          <Status tone={looks[outcome].tone}>{looks[outcome].word}</Status>
          <span className="min-w-0 flex-1 basis-60 break-words text-ink-2">{detail}</span>
        </li>
      ))}
    </ul>
  )
}
