import type { ReactNode } from 'react'
import { DriftMark, ReplicaStatus } from '#components/environment/deployment-words'
import { sentence } from '#components/readiness/readiness-words'
import { DataTable, type Column } from '#components/ui/data-table'
import { Digest } from '#components/ui/digest'
import { RelativeTime } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import type { DeploymentView, ReplicaView } from '#lib/readiness/deployment'
import { reasonWords } from '#lib/readiness/reasons'

/** Every replica as it was observed against what is promised of it. */
export function ReplicaReadinessTable({ deployment }: { deployment: DeploymentView }): ReactNode {
  const { replicas, promised, components } = deployment
  if (replicas.length === 0) {
    return <p className="text-sm text-ink-3">{promised.isStopped ? 'Stopped: no replica runs, as promised.' : 'No replica was observed.'}</p>
  }
  return (
    <DataTable
      caption={`Replicas of ${deployment.application.slug}, observed against promised`}
      columns={columnsOf(promised, components.length > 1)}
      rows={replicas}
      rowKey={({ id }) => id}
    />
  )
}

function columnsOf(promised: DeploymentView['promised'], hasSeveral: boolean): Column<ReplicaView>[] {
  const digestOf = (component: string) => promised.components.find(({ name }) => name === component)?.digest
  return [
    {
      key: 'id',
      head: 'Replica',
      isName: true,
      cell: ({ id, component }) => (
        <span className="font-mono text-sm break-all">
          {hasSeveral && <span className="text-ink-3">{component} </span>}
          {id}
        </span>
      ),
    },
    {
      key: 'state',
      head: 'State',
      cell: ({ state, reason }) => (
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {state === 'exited' && reason === 'completed' ? <Status tone="ok">completed (0)</Status> : <ReplicaStatus state={state} />}
          {reason && (
            <span className="text-sm text-ink-2" title={reason}>
              {sentence(reasonWords(reason))}
            </span>
          )}
        </span>
      ),
    },
    { key: 'digest', head: 'Runs digest', cell: ({ digest, component }) => <Compared observed={digest} promised={digestOf(component)} /> },
    { key: 'config', head: 'Runs config', cell: ({ configHash }) => <Compared observed={configHash} promised={promised.configHash} /> },
    {
      key: 'drift',
      head: 'Drift',
      cell: ({ drift, driftDetail }) =>
        drift === 'none' ? (
          <span className="text-ink-3">none</span>
        ) : (
          <span className="flex flex-wrap items-center gap-x-2">
            <DriftMark drift={drift} />
            {driftDetail && <span className="text-sm break-words text-ink-2">{driftDetail}</span>}
          </span>
        ),
    },
    {
      key: 'since',
      head: 'Since',
      cell: ({ since, observedAt }) => (
        <span className="text-sm text-ink-2">
          <RelativeTime at={since} bare />{' '}
          <span className="text-ink-3">
            (probed <RelativeTime at={observedAt} />)
          </span>
        </span>
      ),
    },
  ]
}

function Compared({ observed, promised }: { observed: string; promised: string | undefined }): ReactNode {
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <Digest digest={observed} isCopied />
      {promised !== undefined && promised !== observed && (
        <span className="flex items-center gap-1 text-sm text-bad">
          promised <Digest digest={promised} />
        </span>
      )}
    </span>
  )
}
