import type { ReactNode } from 'react'
import { DriftMark, ReplicaStatus } from '#components/environment/deployment-words'
import { Digest } from '#components/ui/digest'
import { RelativeTime } from '#components/ui/relative-time'
import type { DeploymentView, ReplicaView } from '#lib/readiness/deployment'
import { reasonWords } from '#lib/readiness/reasons'

/** Every replica as it was observed. Bare rows: the card around it has the frame. */
export function ReplicaTable({ deployment }: { deployment: DeploymentView }): ReactNode {
  const { replicas, promised } = deployment
  if (replicas.length === 0) {
    return <p className="px-4 py-3 text-ink-3">{promised.isStopped ? 'Stopped: no replica runs, as promised.' : 'No replica was observed.'}</p>
  }
  const isOne = new Set(replicas.map(({ component }) => component)).size === 1
  return (
    <ul aria-label={`Replicas of ${deployment.application.slug}`}>
      {replicas.map((replica) => (
        <Replica key={replica.id} replica={replica} isComponentShown={!isOne} />
      ))}
    </ul>
  )
}

function Replica({ replica, isComponentShown }: { replica: ReplicaView; isComponentShown: boolean }): ReactNode {
  const { id, component, digest, configHash, state, reason, drift, driftDetail, since, startedAt } = replica
  return (
    <li className="grid gap-x-4 gap-y-1 border-b px-4 py-2 last:border-b-0 sm:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)_minmax(0,1fr)_minmax(0,1.6fr)] sm:items-center">
      <span className="min-w-0 truncate font-mono text-sm" title={id}>
        {isComponentShown && <span className="text-ink-3">{component} </span>}
        {id}
      </span>
      <span className="flex flex-wrap items-center gap-2">
        <Digest digest={digest} isCopied />
      </span>
      <span className="flex items-center gap-1.5 text-sm text-ink-3">
        config <Digest digest={configHash} />
      </span>
      <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 sm:justify-end">
        <DriftMark drift={drift} />
        <span className="text-sm text-ink-3">
          {driftDetail && <span>{driftDetail}, </span>}
          {reason && <span title={reason}>{reasonWords(reason)}, </span>}
          {startedAt && (
            <>
              started <RelativeTime at={startedAt} />
            </>
          )}
        </span>
        <ReplicaStatus state={state} />
        <span className="text-sm text-ink-3">
          for <RelativeTime at={since} bare />
        </span>
      </span>
    </li>
  )
}
