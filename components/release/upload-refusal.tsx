'use client'
import type { ReactNode } from 'react'
import type { Problem } from '#components/api'
import { Banner } from '#components/ui/banner'
import { Button } from '#components/ui/button'
import { ProblemNotice } from '#components/ui/problem-notice'

const titles = new Map([
  ['tag_taken', 'That name is taken'],
  ['not_a_jar', 'This file is no JAR that can be run'],
  ['unsafe_archive', 'The archive is not safe to open'],
  ['unsupported', 'Caisson cannot seal this JAR'],
  ['too_large', 'The file is too large'],
  ['invalid_input', 'Something in the form is wrong'],
  ['forbidden', 'You may not upload here'],
])

/** Why nothing was sealed and what would help; a taken name comes with the next one as a button. */
export function UploadRefusal({ problem, onName }: { problem: Problem; onName: (name: string) => void }): ReactNode {
  const title = titles.get(problem.code)
  if (!title) return <ProblemNotice problem={problem} title="The JAR was not sealed" />
  const suggested = problem.extensions['suggestedName']
  return (
    <Banner
      tone="bad"
      role="alert"
      title={
        <span className="flex flex-wrap items-baseline gap-x-2">
          {title} <code className="font-mono text-sm font-normal text-ink-3">{problem.code}</code>
        </span>
      }
      action={
        typeof suggested === 'string' && (
          <Button size="sm" tone="primary" onClick={() => onName(suggested)}>
            Upload it as {suggested}
          </Button>
        )
      }
    >
      <p>{problem.detail}</p>
      {problem.fix && <p>{problem.fix}</p>}
      {problem.errors.map(({ field, message }) => (
        <p key={field}>
          {field}: {message}
        </p>
      ))}
    </Banner>
  )
}
