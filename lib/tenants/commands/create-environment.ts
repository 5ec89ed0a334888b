import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { z } from 'zod'
import type { TenantContext } from '#lib/platform/context'
import { isUniqueViolation } from '#lib/platform/database'
import { announce } from '#lib/platform/live-event'
import { demand, Refusal } from '#lib/platform/refusal'
import { isTier, mayCreateEnvironment, type createEnvironmentInput, type EnvironmentView } from '#lib/tenants/environment'
import { insertEnvironment } from '#lib/tenants/internal/insert-environment'
import { findEnvironment } from '#lib/tenants/queries/find-environment'
import { getEnvironment } from '#lib/tenants/queries/list-environments'

/** Makes a custom environment with the default policy. `tier_limit` where the tier has none; `conflict` when the slug is taken. */
export async function createEnvironment(ctx: TenantContext, input: z.output<typeof createEnvironmentInput>): Promise<EnvironmentView> {
  authorize(ctx.actor, 'environment.manage')
  try {
    await ctx.write(async (tx) => {
      // The tier as it is now, held until we are done: a downgrade at this moment waits.
      const [tenant] = await tx.$queryRaw<{ tier: string }[]>`select tier from tenant where id = ${ctx.tenant.id} for update`
      const tier = tenant?.tier ?? ''
      demand(mayCreateEnvironment(tier, await tx.environment.count({ where: { isCustom: true } })))
      const { upstream, ...rest } = input
      const upstreamIds: string[] = []
      for (const slug of new Set(upstream)) upstreamIds.push((await findEnvironment(tx, slug)).id)
      const id = await insertEnvironment(tx, ctx, { id: ctx.tenant.id, tier: isTier(tier) ? tier : 'LOW' }, { ...rest, isCustom: true, upstreamIds })
      await appendEntry(tx, ctx, { action: 'environment.created', subject: { kind: 'environment', id, name: input.slug }, after: { ...input } })
      await announce(tx, ctx.tenant.id, 'board', 'environments')
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'environment_tenant_id_slug_key')) throw error
    throw new Refusal('conflict', `There is an environment ${input.slug} already.`, { fix: 'Choose another slug.', cause: error })
  }
  return getEnvironment(ctx, { environment: input.slug })
}
