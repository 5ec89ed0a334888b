import type { TenantContext } from '#lib/platform/context'
import { runRollout, type RolloutParts } from '#lib/rollouts/commands/run-rollout'

export interface RolloutJob {
  tenantId: string
  rolloutId: string
  /** The lease that nobody renewed for too long. */
  silent?: string
}

/** What the worker runs for this room; the context is the tenant's, as the system. It may be asked for again at any time. */
export function rolloutJobs(parts: RolloutParts) {
  return { 'run-rollout': (ctx: TenantContext, { rolloutId, silent }: RolloutJob) => runRollout(ctx, parts, { rolloutId, silent }) } as const
}
