// How the worker reaches what runs: drivers and probes.
import { driverFor } from '#lib/runtime/drivers'
import type { ReadinessParts } from '#lib/readiness/commands/observe-target'
import { probeReplica } from '#lib/readiness/commands/probe-replica'
import type { RolloutParts } from '#lib/rollouts/commands/run-rollout'

export function rolloutParts(signal: AbortSignal): RolloutParts {
  return { driverFor, probe: probeReplica, signal }
}

export function readinessParts(signal: AbortSignal): ReadinessParts {
  return { driverFor, probe: probeReplica, memory: new Map(), signal }
}
