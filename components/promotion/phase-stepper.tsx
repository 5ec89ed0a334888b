import { clsx } from 'clsx'
import { Check, CircleAlert, Circle, LoaderCircle, Minus, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { RelativeTime } from '#components/ui/relative-time'
import type { PhaseView } from '#lib/rollouts/rollout'

const looks: Record<PhaseView['state'], { icon: LucideIcon; word: string; tone: string }> = {
  done: { icon: Check, word: 'done', tone: 'border-ok text-ok bg-ok-soft' },
  current: { icon: LoaderCircle, word: 'under way', tone: 'border-run text-run bg-run-soft' },
  pending: { icon: Circle, word: 'to come', tone: 'border-line-strong text-ink-3' },
  failed: { icon: CircleAlert, word: 'failed', tone: 'border-bad text-bad bg-bad-soft' },
  skipped: { icon: Minus, word: 'not reached', tone: 'border-line-strong text-ink-3' },
}

/** The way of a rollout; the phase in which it failed is marked where it happened. */
export function PhaseStepper({ phases }: { phases: readonly PhaseView[] }): ReactNode {
  return (
    <ol aria-label="Phases" className="grid gap-x-1 gap-y-2 sm:auto-cols-fr sm:grid-flow-col">
      {phases.map(({ name, at, state }) => {
        const { icon: Icon, word, tone } = looks[state]
        return (
          <li key={name} aria-current={state === 'current' ? 'step' : undefined} className="flex min-w-0 items-center gap-2 sm:grid sm:gap-1">
            <span className="flex items-center gap-1">
              <span className={clsx('grid size-5 shrink-0 place-items-center rounded-full border', tone)}>
                <Icon aria-hidden size={11} strokeWidth={3} className={state === 'current' ? 'animate-spin' : undefined} />
              </span>
              <span aria-hidden className={clsx('hidden h-px flex-1 sm:block', state === 'done' ? 'bg-ok/50' : 'bg-line')} />
            </span>
            <span className={clsx('truncate', state === 'pending' || state === 'skipped' ? 'text-ink-3' : 'font-[550]')}>{name}</span>
            <span className="text-sm text-ink-3 max-sm:ml-auto">
              {at && (state === 'done' || state === 'failed') ? <RelativeTime at={at} /> : word}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
