import type { Tx } from '#lib/platform/database'
import type { Tenant } from '#lib/platform/generated/client'
import { Refusal } from '#lib/platform/refusal'

/** Any tenant of the installation, locked against a change at the same time; for platform admins, as the platform role. */
export async function findTenantForUpdate(tx: Tx, slug: string): Promise<Tenant> {
  await tx.$queryRaw`select id from tenant where slug = ${slug} for update`
  return findTenant(tx, slug)
}

export async function findTenant(tx: Tx, slug: string): Promise<Tenant> {
  const row = await tx.tenant.findUnique({ where: { slug } })
  if (!row) throw new Refusal('not_found', `There is no tenant ${slug}.`, { fix: 'List the tenants of the installation.' })
  return row
}
