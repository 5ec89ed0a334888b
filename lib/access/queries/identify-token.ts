import { may } from '#lib/access/authorize'
import { identifyBearer } from '#lib/access/identify'

/** Who pushes and pulls, and where: what the registry asks of a password that a client sent. */
export interface RegistryActor {
  actorId: string
  name: string
  grants: { tenantId: string; tenantSlug: string; mayPush: boolean; mayPull: boolean }[]
}

/** The registry's view of an API token (`cat_…`) or a session token (`cst_…`); null for anything else. Read from the rows each time. */
export async function identifyToken(token: string): Promise<RegistryActor | null> {
  const identity = await identifyBearer(token)
  if (!identity) return null
  const self = identity.actorIn(null)
  const grants = identity.tenants().map(({ tenant }) => {
    const actor = identity.actorIn(tenant)
    return {
      tenantId: tenant.id,
      tenantSlug: tenant.slug,
      mayPush: !tenant.isSuspended && may(actor, 'registry.push').allowed,
      mayPull: may(actor, 'tenant.read').allowed,
    }
  })
  return { actorId: self.id, name: self.name, grants }
}
