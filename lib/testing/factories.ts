// Rows that tests start from, written as the platform role. What a test is about goes through the real commands.
import { createContext, type Actor, type TenantContext, type TenantRef } from '#lib/platform/context'
import { database, inTransaction, type Tx } from '#lib/platform/database'
import { canonicalJson } from '#lib/platform/canonical-json'
import { newId } from '#lib/platform/id'
import type { Role } from '#lib/access/permissions'
import { tierRules, type Tier } from '#lib/tenants/tier'

let counter = 0
/** A slug that no other test of this file has. */
export function uniqueSlug(stem: string): string {
  counter += 1
  return `${stem}-${counter}`
}

export function asPlatform<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(database(), { role: 'caisson_platform' }, work)
}

/** A tenant with the environments of its tier. */
export async function makeTenant(options: { slug?: string; tier?: Tier } = {}): Promise<TenantRef> {
  const tenant = { id: newId(), slug: options.slug ?? uniqueSlug('tenant'), tier: options.tier ?? 'HIGH' }
  await asPlatform(async (tx) => {
    await tx.tenant.create({ data: { ...tenant, name: tenant.slug, createdBy: 'test' } })
    const ids = new Map<string, string>()
    for (const rule of tierRules[tenant.tier].environments) {
      const id = newId()
      ids.set(rule.slug, id)
      await tx.environment.create({
        data: {
          id,
          tenantId: tenant.id,
          slug: rule.slug,
          name: rule.name,
          rank: rule.rank,
          isProtected: rule.isProtected,
          upstreamIds: rule.upstream.map((slug) => ids.get(slug) ?? ''),
          runtimeKind: 'process',
          createdBy: 'test',
        },
      })
    }
  })
  return { ...tenant, isSuspended: false }
}

export type Person = Extract<Actor, { kind: 'person' }>

/** A user, with a membership when a tenant is given. */
export async function makePerson(
  options: { tenant?: TenantRef; roles?: readonly Role[]; isPlatformAdmin?: boolean; name?: string } = {},
): Promise<Person> {
  const id = newId()
  const name = options.name ?? uniqueSlug('person')
  const email = `${name}-${id.slice(-6)}@northwind.test`
  const roles = options.roles ?? []
  await asPlatform(async (tx) => {
    await tx.user.create({ data: { id, email, name, isPlatformAdmin: options.isPlatformAdmin ?? false } })
    if (options.tenant) {
      await tx.membership.create({ data: { id: newId(), tenantId: options.tenant.id, userId: id, roles: [...roles], createdBy: 'test' } })
    }
  })
  return {
    kind: 'person',
    id,
    email,
    name,
    sessionId: newId(),
    authenticatedAt: new Date(),
    isPlatformAdmin: options.isPlatformAdmin ?? false,
    roles,
    environmentIds: [],
  }
}

/** A context in which a new member with these roles acts in the tenant. */
export async function actAs(tenant: TenantRef, ...roles: Role[]): Promise<TenantContext> {
  return createContext({ tenant, actor: await makePerson({ tenant, roles }) })
}

export async function makeApplication(tenant: TenantRef, slug = uniqueSlug('app')): Promise<{ id: string; slug: string }> {
  const id = newId()
  await asPlatform(async (tx) => {
    await tx.application.create({ data: { id, tenantId: tenant.id, slug, name: slug, createdBy: 'test' } })
    await tx.component.create({ data: { id: newId(), tenantId: tenant.id, applicationId: id, name: 'app', spec: canonicalJson({}) } })
  })
  return { id, slug }
}

export async function environmentId(tenant: TenantRef, slug: string): Promise<string> {
  const row = await asPlatform((tx) => tx.environment.findUniqueOrThrow({ where: { tenantId_slug: { tenantId: tenant.id, slug } } }))
  return row.id
}
