import { setTimeout as sleep } from 'node:timers/promises'
import { createContext, systemActor, type TenantContext } from '#lib/platform/context'
import { database, inTransaction } from '#lib/platform/database'
import { log } from '#lib/platform/log'
import { observeTarget, type ReadinessParts, type TargetPlace } from '#lib/readiness/commands/observe-target'
import { raiseMissing } from '#lib/readiness/commands/raise-missing'
import type { DesiredState } from '#lib/runtime/driver'

export interface ProberOptions {
  parts: ReadinessParts
  tickMs?: number
  /** How many deployments are looked at together. */
  concurrency?: number
  /** Whether this worker is the one that probes. */
  isLeader: () => Promise<boolean>
}

interface Watched extends TargetPlace {
  tenant: { id: string; slug: string; tier: string; suspendedAt: Date | null }
  intervalMs: number
}

/** Nothing runs there, so it is only looked at. */
const stoppedIntervalMs = 10_000

/**
 * Looks at every deployment by the shortest interval of its probes until the signal aborts, while this worker leads. A slow
 * deployment holds up no other. Resolves when the last look has ended.
 */
export async function startProber({ parts, tickMs = 1000, concurrency = 8, isLeader }: ProberOptions): Promise<void> {
  const running = new Map<string, Promise<void>>()
  const dueAt = new Map<string, number>()
  while (!parts.signal.aborted) {
    try {
      if (await isLeader()) {
        for (const one of await listWatched()) {
          const key = `${one.environmentId} ${one.applicationId}`
          if (running.has(key) || (dueAt.get(key) ?? 0) > performance.now()) continue
          if (running.size >= concurrency) break
          dueAt.set(key, performance.now() + one.intervalMs)
          running.set(
            key,
            look(parts, one).finally(() => running.delete(key)),
          )
        }
      } else {
        // What was seen before another led is stale when it is our turn again.
        parts.memory.clear()
      }
    } catch (error) {
      log.warn({ error: String(error) }, 'deployments could not be listed for probing')
    }
    await sleep(tickMs, undefined, { signal: parts.signal }).catch(() => {})
  }
  await Promise.all(running.values())
}

async function look(parts: ReadinessParts, { tenant, environmentId, applicationId }: Watched): Promise<void> {
  const ctx: TenantContext = createContext({
    actor: systemActor('prober'),
    tenant: { id: tenant.id, slug: tenant.slug, tier: tenant.tier, isSuspended: tenant.suspendedAt !== null },
  })
  try {
    const seen = await observeTarget(ctx, parts, { environmentId, applicationId })
    if (seen && !parts.signal.aborted) await raiseMissing(ctx, parts, { environmentId, applicationId }, seen)
  } catch (error) {
    if (!parts.signal.aborted) log.warn({ environmentId, applicationId, error: String(error) }, 'a deployment could not be looked at')
  }
}

/** Those that were looked at longest ago first, so that a full house still gets round. */
async function listWatched(): Promise<Watched[]> {
  return inTransaction(database(), { role: 'caisson_platform' }, async (tx) => {
    const rows = await tx.deployment.findMany({
      select: { tenantId: true, environmentId: true, applicationId: true, desired: true, isStopped: true },
      orderBy: { observedAt: { sort: 'asc', nulls: 'first' } },
    })
    const tenants = await tx.tenant.findMany({
      where: { id: { in: [...new Set(rows.map(({ tenantId }) => tenantId))] } },
      select: { id: true, slug: true, tier: true, suspendedAt: true },
    })
    return rows.flatMap(({ tenantId, desired, isStopped, ...place }) => {
      const tenant = tenants.find(({ id }) => id === tenantId)
      if (!tenant) return []
      const intervals = (JSON.parse(desired) as DesiredState).components.map(({ spec }) => spec.readiness.intervalMs)
      return [{ ...place, tenant, intervalMs: isStopped ? stoppedIntervalMs : Math.min(...intervals, stoppedIntervalMs) }]
    })
  })
}
