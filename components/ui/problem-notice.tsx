import type { ReactNode } from 'react'
import type { Problem } from '#components/api'
import { Banner } from '#components/ui/banner'
import { Sentence } from '#components/ui/sentence'

interface ProblemNoticeProps {
  problem: Problem
  /** What was tried: "The promotion was not requested". Left out, the problem speaks alone. */
  title?: string | undefined
  /** Usually a button that tries again. */
  action?: ReactNode
}

/** A refusal or a fault where it arose: what happened, which thing, what to do. Wrong fields stand at the fields. */
export function ProblemNotice({ problem, title, action }: ProblemNoticeProps): ReactNode {
  return (
    <Banner tone="bad" role="alert" title={title ?? <Sentence words={problem.detail} />} action={action}>
      {title && (
        <p>
          <Sentence words={problem.detail} />
        </p>
      )}
      {problem.fix && (
        <p>
          <Sentence words={problem.fix} />
        </p>
      )}
      {problem.isFault && problem.requestId && (
        <p className="text-sm text-ink-3">
          Request <code className="font-mono">{problem.requestId}</code>
        </p>
      )}
    </Banner>
  )
}
