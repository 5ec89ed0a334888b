// What the codes of readiness mean, in words for pages and for the command line.
import type { DriftKind } from '#lib/readiness/readiness'

const reasons = new Map([
  ['rolling_out', 'a rollout is under way'],
  ['runtime_unreachable', 'the runtime does not answer'],
  ['not_observed', 'nobody has looked at it for too long to say anything of now'],
  ['not_probed', 'nobody has asked it yet'],
  ['no_probe', 'nothing says how it is asked'],
  ['no_address', 'it has no address to be asked at'],
  ['replica_missing', 'a replica is missing'],
  ['raised_again', 'it was missing, and is started again'],
  ['replica_exited', 'a replica ended'],
  ['probe_failed', 'its probe fails'],
  ['starting', 'it is starting'],
  ['unknown_digest', 'it runs a digest that no release has'],
  ['mixed_digests', 'replicas run different digests'],
  ['config_drift', 'replicas run with another configuration than promised'],
  ['image_altered', 'files of its image were changed on the machine'],
  ['config_altered', 'its configuration was changed on the machine'],
  ['still_running', 'it should be stopped and still runs'],
  ['connection_refused', 'its port takes no connection'],
  ['connection_reset', 'it breaks off the connection'],
  ['timeout', 'its probe does not answer in time'],
  ['crash_loop', 'it ends again and again'],
  ['lost', 'its process is gone'],
  ['stopped', 'it was stopped'],
  ['completed', 'it did its work and ended'],
  ['waiting', 'it waits for another component'],
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

export const driftWords: Record<Exclude<DriftKind, 'none'>, string> = {
  digest: 'another digest than promised',
  config: 'another configuration than promised',
  unknown_digest: 'a digest that no release has',
  component: 'a component that is not promised',
  image_altered: 'its image was changed on the machine',
  config_altered: 'its configuration was changed on the machine',
}
