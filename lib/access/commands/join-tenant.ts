import type { z } from 'zod'
import { authorizePlatform, requirePerson } from '#lib/access/authorize'
import { insertMember } from '#lib/access/internal/insert-member'
import type { joinTenantInput } from '#lib/access/member'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { createContext, type Context } from '#lib/platform/context'
import { Refusal } from '#lib/platform/refusal'

/** A platform admin makes themselves a member: the one way from the platform into a tenant, with a reason in the tenant's own log. */
export async function joinTenant(ctx: Context, input: z.output<typeof joinTenantInput>): Promise<{ tenant: string; roles: string[] }> {
  authorizePlatform(ctx.actor, 'tenant.join')
  const person = requirePerson(ctx.actor)
  const platform = createContext({ actor: person, requestId: ctx.requestId, now: ctx.now })
  return platform.write(async (tx) => {
    const tenant = await tx.tenant.findUnique({ where: { slug: input.slug } })
    if (!tenant) throw new Refusal('not_found', `There is no tenant ${input.slug}.`, { fix: 'List the tenants of the installation.' })
    await insertMember(tx, platform, { tenantId: tenant.id, userId: person.id, roles: input.roles })
    await appendEntry(
      tx,
      { ...platform, tenant: { id: tenant.id, slug: tenant.slug, tier: tenant.tier, isSuspended: tenant.suspendedAt !== null } },
      {
        action: 'member.joined_from_platform',
        subject: { kind: 'user', id: person.id, name: person.email },
        after: { roles: input.roles },
        reason: input.reason,
      },
    )
    return { tenant: tenant.slug, roles: input.roles }
  })
}
