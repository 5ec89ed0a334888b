'use client'
import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { DeploymentStatus } from '#components/environment/deployment-words'
import { DataTable, type Column } from '#components/ui/data-table'
import { RelativeTime, spanWords } from '#components/ui/relative-time'
import { Sentence } from '#components/ui/sentence'
import type { HistoryInterval, PlaceHistory, ReplicaChange, Uptime } from '#lib/readiness/history'
import type { DeploymentState } from '#lib/readiness/readiness'
import { reasonWords } from '#lib/readiness/reasons'

interface StateHistoryProps {
  name: string
  history: PlaceHistory | undefined
  span: { from: string; until: string }
}

/** What was observed over time as a strip, the uptime of a day and a week, and the changes as tables behind it. */
export function StateHistory({ name, history, span }: StateHistoryProps): ReactNode {
  const intervals = history?.intervals ?? []
  const window = windowOf(intervals, span)
  const parts = partsOf(intervals, window)
  return (
    <div className="grid gap-1.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 text-sm">
        <h4 className="font-[600] text-ink-2">{window.isWhole ? `Last ${spanHours(span) > 24 ? '7 days' : '24 hours'}` : 'Since it came here'}</h4>
        {history && <p className="text-ink-2">{uptimesWords(history)}</p>}
      </div>
      <Strip name={name} parts={parts} />
      <div className="flex flex-wrap justify-between gap-x-4 text-sm text-ink-3">
        <RelativeTime at={new Date(window.from).toISOString()} />
        <ul aria-hidden className="flex flex-wrap gap-x-4 max-sm:order-last max-sm:basis-full">
          {sumsOf(parts).map(([state, ms]) => (
            <li key={state} className="flex items-center gap-1.5">
              <span className={clsx('w-2.5 rounded-[2px]', looks[state], 'max-h-2.5')} /> {state.replaceAll('_', ' ')} {spanWords(ms)}
            </li>
          ))}
        </ul>
        <span>now</span>
      </div>
      <details className="text-sm">
        <summary className="cursor-pointer text-ink-2 hover:text-ink">Changes as a table</summary>
        <div className="mt-2 grid gap-3">
          <DataTable
            caption={`What was observed of ${name}, newest first`}
            columns={columns}
            rows={intervals.toReversed()}
            rowKey={({ from, state }) => `${from} ${state}`}
            empty={<p className="text-ink-3">Nothing was observed in this time.</p>}
          />
          {history && history.replicas.length > 0 && (
            <DataTable
              caption={`What was observed of the replicas of ${name}, newest first`}
              columns={replicaColumns}
              rows={history.replicas}
              rowKey={({ replica, from, state }) => `${replica} ${from} ${state}`}
            />
          )}
          {history?.isCut && <p className="text-ink-3">Older changes of replicas are not shown.</p>}
        </div>
      </details>
    </div>
  )
}

/** Height says the same as colour: whole, two thirds, a third, a line. */
const looks: Record<DeploymentState, string> = {
  ready: 'h-6 bg-ok',
  degraded: 'h-4 bg-wait',
  not_ready: 'h-2 bg-bad',
  unknown: 'h-6 border-y border-dashed border-line-strong bg-sunken',
  stopped: 'h-1 bg-off',
}

interface Part extends HistoryInterval {
  /** Per cent of the strip. */
  left: number
  width: number
  ms: number
}

/** What the strip shows: the time that was asked for, or less of it where there was nothing to see before. */
function windowOf(intervals: readonly HistoryInterval[], span: StateHistoryProps['span']): { from: number; until: number; isWhole: boolean } {
  const [from, until] = [Date.parse(span.from), Date.parse(span.until)]
  const first = Math.min(...intervals.map((one) => Date.parse(one.from)))
  const isWhole = !(first > from) || first >= until || intervals.length === 0
  return { from: isWhole ? from : first, until, isWhole }
}

function partsOf(intervals: readonly HistoryInterval[], { from, until }: { from: number; until: number }): Part[] {
  return intervals.flatMap((one) => {
    const start = Math.max(Date.parse(one.from), from)
    const end = one.until === null ? until : Math.min(Date.parse(one.until), until)
    if (end <= start) return []
    return [{ ...one, left: ((start - from) / (until - from)) * 100, width: ((end - start) / (until - from)) * 100, ms: end - start }]
  })
}

function Strip({ name, parts }: { name: string; parts: readonly Part[] }): ReactNode {
  const words = sumsOf(parts).map(([state, ms]) => `${state.replaceAll('_', ' ')} for ${spanWords(ms)}`)
  return (
    <div
      role="img"
      aria-label={`${name}: ${words.length === 0 ? 'nothing was observed' : words.join(', ')}`}
      className="relative h-6 overflow-hidden rounded-1 bg-off-soft"
    >
      {parts.map(({ from: at, state, reason, left, width, ms }) => (
        <span
          key={`${at} ${state}`}
          title={`${state.replaceAll('_', ' ')}${reason ? `, ${reasonWords(reason)}` : ''}, ${spanWords(ms)}`}
          style={{ left: `${left}%`, width: `${width}%` }}
          className={clsx('absolute bottom-0 min-w-px', looks[state])}
        />
      ))}
    </div>
  )
}

function sumsOf(parts: readonly Part[]): [DeploymentState, number][] {
  const sums = new Map<DeploymentState, number>()
  for (const { state, ms } of parts) sums.set(state, (sums.get(state) ?? 0) + ms)
  return [...sums]
}

/** A day and a week in one, where both say the same. */
function uptimesWords({ lastDay, lastWeek }: PlaceHistory): string {
  const [day, week] = [uptimeWords(lastDay), uptimeWords(lastWeek)]
  return day === week ? `24 h and 7 d: ${day}` : `24 h: ${day} · 7 d: ${week}`
}

/** What nobody looked at is in no share, and is said. */
function uptimeWords({ serving, ready, unknownMs }: Uptime): string {
  const unknown = unknownMs >= 60_000 ? `, ${spanWords(unknownMs)} unknown` : ''
  if (serving === null || ready === null) return `not known${unknown}`
  return serving === ready ? `${percent(ready)} ready${unknown}` : `${percent(serving)} serving, ${percent(ready)} fully ready${unknown}`
}

/** Never rounded up to all of it. */
function percent(share: number): string {
  return `${share === 1 ? '100' : Math.min(99.99, Math.floor(share * 10_000) / 100).toFixed(2)} %`
}

function spanHours({ from, until }: StateHistoryProps['span']): number {
  return (Date.parse(until) - Date.parse(from)) / 3_600_000
}

function lasted({ from, until }: { from: string; until: string | null }): string {
  return until === null ? 'until now' : spanWords(Date.parse(until) - Date.parse(from))
}

const columns: Column<HistoryInterval>[] = [
  { key: 'from', head: 'From', isName: true, cell: ({ from }) => <Sentence words={from} /> },
  { key: 'state', head: 'State', cell: ({ state, ready, wanted }) => <DeploymentStatus state={state} ready={ready} wanted={wanted} /> },
  { key: 'reason', head: 'Because', cell: ({ reason }) => (reason ? reasonWords(reason) : '') },
  { key: 'for', head: 'For', align: 'end', cell: lasted },
]

const replicaColumns: Column<ReplicaChange>[] = [
  { key: 'from', head: 'From', isName: true, cell: ({ from }) => <Sentence words={from} /> },
  { key: 'replica', head: 'Replica', cell: ({ replica }) => <span className="font-mono break-all">{replica}</span> },
  { key: 'state', head: 'State', cell: ({ state }) => state.replaceAll('_', ' ') },
  {
    key: 'reason',
    head: 'Because',
    cell: ({ reason, drift }) =>
      [reason && reasonWords(reason), drift !== 'none' && `drift: ${drift.replaceAll('_', ' ')}`].filter(Boolean).join(', '),
  },
  { key: 'for', head: 'For', align: 'end', cell: lasted },
]
