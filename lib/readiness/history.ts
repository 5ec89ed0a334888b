// What was observed over time, and what may be said of it: time in which nobody looked counts neither as up nor as down.
import { z } from 'zod'
import type { DeploymentState } from '#lib/readiness/readiness'

export const historyDays = [1, 7] as const

export const historyInput = z.strictObject({
  environment: z.string().min(1).max(100).optional(),
  application: z.string().min(1).max(100).optional(),
  /** How far back: one day or seven. */
  days: z.coerce
    .number()
    .refine((days) => historyDays.some((one) => one === days), 'is 1 or 7')
    .default(1),
})
export type HistoryInput = z.output<typeof historyInput>

/** A time in one state. Half open: `until` belongs to what came next; null: it stands. */
export interface HistoryInterval {
  state: DeploymentState
  /** A code; '' when there is nothing to say. */
  reason: string
  ready: number
  wanted: number
  from: string
  until: string | null
}

/** A change of one replica, for the table behind the chart. */
export interface ReplicaChange {
  replica: string
  component: string
  state: string
  reason: string
  drift: string
  from: string
  until: string | null
}

/** Milliseconds of a window by what was observed in them, which sum up to the window. */
export interface Uptime {
  readyMs: number
  /** Not as promised, and at least one replica was ready. */
  degradedMs: number
  downMs: number
  unknownMs: number
  /** Stopped, as promised. */
  stoppedMs: number
  /** Before anything was promised, or after it was taken away. */
  absentMs: number
  /** Of the time that was observed and in which it was promised to run, 0 to 1: fully ready. null where there is no such time. */
  ready: number | null
  /** The same, at least one replica ready. */
  serving: number | null
}

export interface PlaceHistory {
  application: string
  environment: string
  intervals: HistoryInterval[]
  /** Newest first, at most {@link mostReplicaChanges}. */
  replicas: ReplicaChange[]
  isCut: boolean
  lastDay: Uptime
  lastWeek: Uptime
}

export interface HistoryView {
  from: string
  /** Now, by the database's clock. */
  until: string
  places: PlaceHistory[]
}

export const mostReplicaChanges = 100

/** Sums intervals up over a window; they do not overlap, and one that stands reaches to the end of the window. */
export function uptimeOf(intervals: readonly Pick<HistoryInterval, 'state' | 'ready' | 'from' | 'until'>[], fromMs: number, untilMs: number): Uptime {
  const sums = { readyMs: 0, degradedMs: 0, downMs: 0, unknownMs: 0, stoppedMs: 0 }
  for (const { state, ready, from, until } of intervals) {
    const ms = Math.min(until === null ? untilMs : Date.parse(until), untilMs) - Math.max(Date.parse(from), fromMs)
    if (ms > 0) sums[bucketOf(state, ready)] += ms
  }
  const known = sums.readyMs + sums.degradedMs + sums.downMs
  const absentMs = Math.max(0, untilMs - fromMs - known - sums.unknownMs - sums.stoppedMs)
  const share = (ms: number) => (known === 0 ? null : ms / known)
  return { ...sums, absentMs, ready: share(sums.readyMs), serving: share(sums.readyMs + sums.degradedMs) }
}

function bucketOf(state: DeploymentState, ready: number) {
  if (state === 'ready') return 'readyMs' as const
  if (state === 'unknown') return 'unknownMs' as const
  if (state === 'stopped') return 'stoppedMs' as const
  return state === 'degraded' && ready > 0 ? ('degradedMs' as const) : ('downMs' as const)
}

/**
 * The interval that stands ends where the last observation is too old to speak of now; from there on it is unknown.
 * @param staleMs how old an observation may get
 */
export function withoutStale(interval: HistoryInterval, observedAt: string | null, staleMs: number, nowMs: number): HistoryInterval[] {
  if (interval.until !== null || interval.state === 'unknown' || observedAt === null || nowMs - Date.parse(observedAt) <= staleMs) return [interval]
  const seenUntil = new Date(Math.max(Date.parse(observedAt), Date.parse(interval.from))).toISOString()
  return [
    { ...interval, until: seenUntil },
    { state: 'unknown', reason: 'not_observed', ready: 0, wanted: interval.wanted, from: seenUntil, until: null },
  ]
}
