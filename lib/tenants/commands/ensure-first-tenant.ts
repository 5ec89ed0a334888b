import { createContext, systemActor } from '#lib/platform/context'
import { isUniqueViolation } from '#lib/platform/database'
import { insertTenant } from '#lib/tenants/internal/insert-tenant'

export const firstTenant = { slug: 'main', name: 'Main', tier: 'HIGH' } as const

/**
 * So that the first page leads to the main job and not to a form: when there is no tenant at all, one in which the first
 * administrator has every role. Nothing is changed when there is one, whatever it is called.
 */
export async function ensureFirstTenant(input: { memberId: string }): Promise<void> {
  const ctx = createContext({ actor: systemActor('init') })
  try {
    await ctx.write(async (tx) => {
      if ((await tx.tenant.count()) === 0) await insertTenant(tx, ctx, { ...firstTenant, memberId: input.memberId })
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'tenant_slug_key')) throw error // another start made it meanwhile
  }
}
