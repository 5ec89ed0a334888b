// How the worker reaches runtimes: the drivers of this installation, and the probe.
import { Refusal } from '#lib/platform/refusal'
import type { ProbeHistory } from '#lib/readiness/readiness'
import type { ReadinessParts } from '#lib/readiness/commands/observe-target'
import { probeReplica } from '#lib/readiness/commands/probe-replica'
import type { RolloutParts } from '#lib/rollouts/commands/run-rollout'
import type { RuntimeDriver } from '#lib/runtime/driver'

/** By the kind that an environment names. */
const drivers = new Map<string, RuntimeDriver>()

function driverFor(runtimeKind: string): RuntimeDriver {
  const driver = drivers.get(runtimeKind)
  if (driver) return driver
  throw new Refusal('runtime_unavailable', `This installation has no driver for the runtime ${runtimeKind}.`, {
    fix: 'Choose another runtime for the environment.',
  })
}

export function rolloutParts(signal: AbortSignal): RolloutParts {
  return { driverFor, probe: probeReplica, signal }
}

export function readinessParts(signal: AbortSignal): ReadinessParts {
  return { driverFor, probe: probeReplica, memory: new Map<string, ProbeHistory>(), signal }
}
