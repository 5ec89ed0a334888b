'use client'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Problem } from '#components/api'
import { Button } from '#components/ui/button'
import { ProblemNotice } from '#components/ui/problem-notice'
import { SkeletonRows } from '#components/ui/skeleton'

interface LoadedProps<T> {
  query: UseQueryResult<T, Problem>
  /** What is being looked for: "Loading the releases". */
  label: string
  rows?: number
  children: (data: T) => ReactNode
}

/** What a query answered; before that its skeleton, after a failure the problem, with the last answer still under it. */
export function Loaded<T>({ query, label, rows = 4, children }: LoadedProps<T>): ReactNode {
  const { data, error } = query
  return (
    <>
      {error && (
        <div className="mb-3">
          <ProblemNotice
            problem={error}
            action={
              error.status === 404 ? null : (
                <Button size="sm" busy={query.isFetching} onClick={() => void query.refetch()}>
                  Try again
                </Button>
              )
            }
          />
        </div>
      )}
      {data === undefined ? !error && <SkeletonRows rows={rows} label={label} /> : children(data)}
    </>
  )
}
