'use client'
import { clsx } from 'clsx'
import { Check } from 'lucide-react'
import Link from 'next/link'
import { useState, type ReactNode } from 'react'
import type { FirstStep } from '#components/board/use-first-run'
import { Button } from '#components/ui/button'

/** The way through the main job for a new tenant: what is done, and the one step that comes next. */
export function FirstRun({ tenant, steps }: { tenant: string; steps: readonly FirstStep[] }): ReactNode {
  const key = `caisson-first-run-${tenant}`
  const [isHidden, setHidden] = useState(() => localStorage.getItem(key) === 'hidden')
  const done = steps.filter(({ isDone }) => isDone).length
  if (isHidden || done === steps.length) return null
  const next = steps.findIndex(({ isDone }) => !isDone)
  const hide = (): void => {
    localStorage.setItem(key, 'hidden')
    setHidden(true)
  }
  return (
    <section aria-labelledby="first-run" className="mb-4 overflow-hidden rounded-3 border bg-surface">
      <div className="flex flex-wrap items-center gap-3 border-b bg-sunken px-4 py-2.5">
        <h2 id="first-run" className="font-[600]">
          First steps
        </h2>
        <span className="text-sm text-ink-3 tabular-nums">
          {done} of {steps.length}
        </span>
        <Button tone="quiet" size="sm" className="ml-auto" onClick={hide}>
          Hide
        </Button>
      </div>
      <ol className="grid gap-px bg-line sm:grid-cols-2 xl:grid-cols-3">
        {steps.map((step, index) => (
          <li key={step.title} className="bg-surface">
            <Step step={step} number={index + 1} isNext={index === next} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Step({ step, number, isNext }: { step: FirstStep; number: number; isNext: boolean }): ReactNode {
  const { title, words, isDone, href } = step
  const body = (
    <>
      <span
        className={clsx(
          'grid size-5.5 shrink-0 place-items-center rounded-full border text-xs font-[600] tabular-nums',
          isDone ? 'border-ok/40 bg-ok-soft text-ok' : isNext ? 'border-accent bg-accent text-accent-ink' : 'border-line-strong text-ink-3',
        )}
      >
        {isDone ? <Check aria-label="done" size={12} strokeWidth={2.6} /> : number}
      </span>
      <span className="min-w-0">
        <span className={clsx('block font-[550]', isDone && 'text-ink-3')}>{title}</span>
        <span className="block text-sm text-ink-3">{words}</span>
      </span>
    </>
  )
  const box = 'flex h-full items-start gap-3 px-4 py-3'
  if (isDone) return <div className={box}>{body}</div>
  return (
    <Link href={href} className={clsx(box, 'transition-colors duration-(--quick) hover:bg-accent/4 focus-visible:-outline-offset-2')}>
      {body}
    </Link>
  )
}
