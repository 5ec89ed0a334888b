import type { ReactNode } from 'react'
import { DataTable, type Column } from '#components/ui/data-table'
import { Digest } from '#components/ui/digest'
import { RelativeTime } from '#components/ui/relative-time'
import { Status, type StatusTone } from '#components/ui/status'
import type { StepView } from '#lib/rollouts/rollout'

const looks: Record<StepView['state'], { tone: StatusTone; words: Record<StepView['act'], string> }> = {
  planned: { tone: 'off', words: { start: 'will start', stop: 'will stop' } },
  running: { tone: 'run', words: { start: 'starting', stop: 'stopping' } },
  done: { tone: 'ok', words: { start: 'ready', stop: 'stopped' } },
  failed: { tone: 'bad', words: { start: 'did not start', stop: 'did not stop' } },
  skipped: { tone: 'off', words: { start: 'not needed', stop: 'not needed' } },
}

const columns: readonly Column<StepView>[] = [
  {
    key: 'replica',
    head: 'Replica',
    isName: true,
    cell: ({ replicaId }) => <code className="font-mono text-sm whitespace-nowrap">{replicaId}</code>,
  },
  { key: 'wave', head: 'Wave', width: '64px', cell: ({ wave }) => wave + 1 },
  { key: 'component', head: 'Component', cell: ({ component }) => component },
  { key: 'digest', head: 'Image', cell: ({ digest }) => <Digest digest={digest} /> },
  {
    key: 'state',
    head: 'Step',
    cell: ({ act, state, detail }) => (
      <div className="grid justify-items-start gap-0.5">
        <Status tone={looks[state].tone}>{looks[state].words[act]}</Status>
        {detail !== '' && <span className="text-sm break-words text-ink-2">{detail}</span>}
      </div>
    ),
  },
  {
    key: 'at',
    head: 'Seen',
    align: 'end',
    cell: ({ intentAt, effectAt, observedAt }) => {
      const at = observedAt ?? effectAt ?? intentAt
      return <span className="whitespace-nowrap">{at ? <RelativeTime at={at} /> : <span className="text-ink-3">not yet</span>}</span>
    },
  },
]

/** How many of the new replicas are ready or, where none is new, how many have stopped; undefined while nothing is to change. */
export function countReplicas(steps: readonly StepView[]): { label: string; done: number; all: number } | undefined {
  const isSettled = ({ state }: StepView) => state === 'done' || state === 'skipped'
  const starts = steps.filter(({ act }) => act === 'start')
  const counted = starts.length > 0 ? starts : steps
  if (counted.length === 0) return undefined
  return { label: starts.length > 0 ? 'New replicas ready' : 'Replicas stopped', done: counted.filter(isSettled).length, all: counted.length }
}

/** Replicas that start and stop, wave by wave, and how far each is. */
export function StepTable({ steps, phase }: { steps: readonly StepView[]; phase: string }): ReactNode {
  if (steps.length === 0) {
    return (
      <p className="text-ink-3">
        {phase === 'applied' ? 'No replica had to change.' : 'Which replicas start and stop is decided when it is applied.'}
      </p>
    )
  }
  return <DataTable caption="Steps of the rollout" columns={columns} rows={steps} rowKey={({ ordinal }) => String(ordinal)} />
}
