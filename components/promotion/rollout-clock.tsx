'use client'
import { useEffect, useState, type ReactNode } from 'react'
import { clockWords } from '#components/promotion/promotion-words'
import { countReplicas } from '#components/promotion/step-table'
import { Progress } from '#components/ui/progress'
import { Status } from '#components/ui/status'
import type { RolloutView } from '#lib/rollouts/rollout'

interface RolloutClockProps {
  rollout: RolloutView
  /** A rollback has a target: from stop to verified. */
  isRollback: boolean
  /** When the view was answered, by this browser's clock (ms); the server's clock is in the view. */
  askedAt: number
}

/** Goes on counting until the rollout is settled, by the server's time: only the seconds since the answer are the browser's. */
export function RolloutClock({ rollout, isRollback, askedAt }: RolloutClockProps): ReactNode {
  const { elapsedMs, settledAt, targetMs } = rollout.clock
  const sinceMs = useSince(askedAt, settledAt === null)
  const spentMs = elapsedMs + sinceMs
  const counted = countReplicas(rollout.steps)
  return (
    <div className="grid gap-2">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span role="timer" aria-label="Time since the rollout started" className="font-mono text-2xl font-[550] tabular-nums">
          {clockWords(spentMs)}
        </span>
        {isRollback && <Target spentMs={spentMs} targetMs={targetMs} isSettled={settledAt !== null} />}
        {!isRollback && <span className="text-ink-3">{settledAt === null ? 'since it started' : 'from start to end'}</span>}
      </p>
      {settledAt === null && counted && (
        <Progress label={counted.label} value={counted.done} max={counted.all} words={`${counted.done} of ${counted.all}`} />
      )}
    </div>
  )
}

function Target({ spentMs, targetMs, isSettled }: { spentMs: number; targetMs: number; isSettled: boolean }): ReactNode {
  const isWithin = spentMs <= targetMs
  return (
    <>
      <span className="text-ink-3">of {clockWords(targetMs)} from stop to verified</span>
      {isSettled || !isWithin ? (
        <Status tone={isWithin ? 'ok' : 'bad'}>{isWithin ? 'within the target' : `${clockWords(spentMs - targetMs)} over the target`}</Status>
      ) : (
        <Status tone="run">{clockWords(targetMs - spentMs)} left</Status>
      )}
    </>
  )
}

/** Milliseconds since a moment of this browser, each second anew while it runs; 0 when it does not. */
function useSince(at: number, isRunning: boolean): number {
  const [now, setNow] = useState(at)
  useEffect(() => {
    if (!isRunning) return undefined
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [isRunning])
  return isRunning ? Math.max(0, now - at) : 0
}
