import { CircleStop, HelpCircle, LogOut, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Status, type StatusTone } from '#components/ui/status'
import type { DeploymentState, DriftKind, ReplicaReadiness } from '#lib/readiness/readiness'

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

const driftWords: Record<Exclude<DriftKind, 'none'>, string> = {
  digest: 'another digest than promised',
  config: 'another configuration than promised',
  unknown_digest: 'a digest that no release has',
  component: 'a component that is not promised',
}

/** How a replica differs from what is promised; nothing when it does not. */
export function DriftMark({ drift }: { drift: DriftKind }): ReactNode {
  return drift === 'none' ? null : <Status tone="bad">{driftWords[drift]}</Status>
}

const reasons = new Map([
  ['rolling_out', 'a rollout is under way'],
  ['runtime_unreachable', 'the runtime does not answer'],
  ['not_probed', 'nobody has asked it yet'],
  ['replica_missing', 'a replica is missing'],
  ['replica_exited', 'a replica ended'],
  ['probe_failed', 'its probe fails'],
  ['starting', 'it is starting'],
  ['unknown_digest', 'it runs a digest that no release has'],
  ['mixed_digests', 'replicas run different digests'],
  ['config_drift', 'replicas run with different configurations'],
  ['still_running', 'it should be stopped and still runs'],
  ['connection_refused', 'its port takes no connection'],
  ['timeout', 'its probe does not answer in time'],
  ['crash_loop', 'it ends again and again'],
])

/** A reason code in words; a code that nobody has words for stays itself. */
export function reasonWords(code: string): string {
  const known = reasons.get(code)
  if (known) return known
  const http = /^http_(\d+)$/.exec(code)
  if (http) return `its probe answers ${http[1]}`
  const exit = /^exit_(-?\d+)$/.exec(code)
  if (exit) return `it ended with exit code ${exit[1]}`
  const killed = /^killed_(\d+)$/.exec(code)
  return killed ? `it was killed by signal ${killed[1]}` : code.replaceAll('_', ' ')
}
