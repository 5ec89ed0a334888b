import { clsx } from 'clsx'
import { Check, Circle, CircleAlert, LoaderCircle, Minus, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { RelativeTime } from '#components/ui/relative-time'
import type { RecoveryStep } from '#lib/rollouts/rollout'

const looks: Record<RecoveryStep['state'], { icon: LucideIcon; word: string; tone: string }> = {
  done: { icon: Check, word: 'done', tone: 'border-ok text-ok bg-ok-soft' },
  current: { icon: LoaderCircle, word: 'under way', tone: 'border-run text-run bg-run-soft' },
  pending: { icon: Circle, word: 'to come', tone: 'border-line-strong text-ink-3' },
  failed: { icon: CircleAlert, word: 'failed', tone: 'border-bad text-bad bg-bad-soft' },
  skipped: { icon: Minus, word: 'skipped', tone: 'border-line-strong text-ink-3' },
}

const names: Record<RecoveryStep['name'], string> = {
  stop: 'Stop',
  previous: 'Previous release',
  restore: 'Restore',
  start: 'Start',
  verify: 'Verify',
}

/** The five steps of a rollback, each with its time and what it did or why it was not needed. */
export function RecoverySteps({ steps }: { steps: readonly RecoveryStep[] }): ReactNode {
  return (
    <ol aria-label="Steps of the rollback" className="grid gap-2.5">
      {steps.map(({ name, state, at, words }, index) => {
        const { icon: Icon, word, tone } = looks[state]
        return (
          <li key={name} aria-current={state === 'current' ? 'step' : undefined} className="grid grid-cols-[20px_minmax(0,1fr)] gap-x-3">
            <span className={clsx('mt-px grid size-5 place-items-center rounded-full border', tone)}>
              <Icon aria-hidden size={11} strokeWidth={3} className={state === 'current' ? 'animate-spin' : undefined} />
            </span>
            <p className="min-w-0 break-words">
              <span className="font-[550]">
                {index + 1}. {names[name]}
              </span>{' '}
              <span className="text-sm text-ink-3">
                {word}
                {at && (
                  <>
                    {' '}
                    <RelativeTime at={at} />
                  </>
                )}
              </span>
              <span className="block text-ink-2">{words}</span>
            </p>
          </li>
        )
      })}
    </ol>
  )
}
