// How the worker reaches what runs: drivers, probes and the stable addresses.
import type { ReadinessParts } from '#lib/readiness/commands/observe-target'
import { probeReplica } from '#lib/readiness/commands/probe-replica'
import type { RolloutParts } from '#lib/rollouts/commands/run-rollout'
import { driverFor } from '#lib/runtime/drivers'
import { assignGatewayPort, notifyRoutes } from '#lib/runtime/gateway/assign-port'
import { gatewayHost } from '#lib/runtime/gateway/routes'

const gateway: NonNullable<RolloutParts['gateway']> = {
  host: gatewayHost,
  assignPort: (tx, ctx, { environmentId, applicationId }) => assignGatewayPort(tx, { tenantId: ctx.tenant.id, environmentId, applicationId }),
  notifyRoutes,
}

export function rolloutParts(signal: AbortSignal): RolloutParts {
  return { driverFor, probe: probeReplica, gateway, signal }
}

export function readinessParts(signal: AbortSignal): ReadinessParts {
  return { driverFor, probe: probeReplica, notifyRoutes, memory: new Map(), signal }
}
