import Link from 'next/link'
import type { ReactNode } from 'react'
import type { Problem } from '#components/api'
import { ProblemNotice } from '#components/ui/problem-notice'

/** The refusal of a request, where it was made; a promotion that stands in the way is linked. */
export function RequestProblem({ tenant, problem }: { tenant: string; problem: Problem }): ReactNode {
  const standing = problem.extensions['promotionId']
  const action =
    typeof standing === 'string' ? (
      <Link href={`/t/${tenant}/promotions/${standing}`} className="font-[550] text-accent hover:underline">
        Open what stands in the way
      </Link>
    ) : undefined
  return <ProblemNotice problem={problem} title="Nothing was asked for" action={action} />
}
