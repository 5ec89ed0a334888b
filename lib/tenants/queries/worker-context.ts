import { createContext, systemActor, type TenantContext, type TenantRef } from '#lib/platform/context'
import { askPlatform } from '#lib/platform/database'

/** What a job works with: the system, inside the tenant that its payload names, as that is now. */
export async function workerContext({ tenantId }: { tenantId: string }): Promise<TenantContext> {
  const [tenant] = await askPlatform<TenantRef>(`select id, slug, tier, suspended_at is not null as "isSuspended" from tenant where id = $1`, [
    tenantId,
  ])
  if (!tenant) throw new TypeError(`a job names tenant ${tenantId}, which is not there`)
  return createContext({ actor: systemActor('worker'), tenant })
}
