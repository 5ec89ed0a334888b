import { CircleStop, HelpCircle, LogOut, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Status, type StatusTone } from '#components/ui/status'
import type { DeploymentState, DriftKind, ReplicaReadiness } from '#lib/readiness/readiness'
import { driftWords } from '#lib/readiness/reasons'

const deploymentLooks: Record<DeploymentState, { tone: StatusTone; words: string; icon?: LucideIcon }> = {
  ready: { tone: 'ok', words: 'ready' },
  degraded: { tone: 'bad', words: 'degraded' },
  not_ready: { tone: 'bad', words: 'not ready' },
  unknown: { tone: 'wait', words: 'unknown', icon: HelpCircle },
  stopped: { tone: 'off', words: 'stopped', icon: CircleStop },
}

/** How a deployment stands, by what was observed. */
export function DeploymentStatus({ state, ready, wanted }: { state: DeploymentState; ready: number; wanted: number }): ReactNode {
  const { tone, words, icon } = deploymentLooks[state]
  return (
    <Status tone={tone} icon={icon}>
      {state === 'stopped' ? words : `${ready}/${wanted} ${words}`}
    </Status>
  )
}

const replicaLooks: Record<ReplicaReadiness, { tone: StatusTone; words: string; icon?: LucideIcon }> = {
  starting: { tone: 'run', words: 'starting' },
  ready: { tone: 'ok', words: 'ready' },
  not_ready: { tone: 'bad', words: 'not ready' },
  stopping: { tone: 'off', words: 'stopping', icon: CircleStop },
  exited: { tone: 'bad', words: 'exited', icon: LogOut },
  unknown: { tone: 'wait', words: 'unknown', icon: HelpCircle },
}

export function ReplicaStatus({ state }: { state: ReplicaReadiness }): ReactNode {
  const { tone, words, icon } = replicaLooks[state]
  return (
    <Status tone={tone} icon={icon}>
      {words}
    </Status>
  )
}

/** How a replica differs from what is promised; nothing when it does not. */
export function DriftMark({ drift }: { drift: DriftKind }): ReactNode {
  return drift === 'none' ? null : <Status tone="bad">{driftWords[drift]}</Status>
}
