import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { z } from 'zod'
import type { TenantContext } from '#lib/platform/context'
import { announce } from '#lib/platform/live-event'
import { demand } from '#lib/platform/refusal'
import { mayFollow, type editEnvironmentInput, type EnvironmentView } from '#lib/tenants/environment'
import { findEnvironment } from '#lib/tenants/queries/find-environment'
import { getEnvironment } from '#lib/tenants/queries/list-environments'

/** Changes name, rank, protection or upstream of an environment; what is absent stays. A circle is refused. */
export async function editEnvironment(ctx: TenantContext, input: z.output<typeof editEnvironmentInput>): Promise<EnvironmentView> {
  authorize(ctx.actor, 'environment.manage')
  await ctx.write(async (tx) => {
    await tx.$queryRaw`select id from environment order by id for update` // two edits at once could close a circle together
    const before = await findEnvironment(tx, input.environment)
    authorize(ctx.actor, 'environment.manage', { environment: before })
    const all = await tx.environment.findMany()
    const upstreamIds: string[] = []
    for (const slug of new Set(input.upstream ?? [])) upstreamIds.push((await findEnvironment(tx, slug)).id)
    if (input.upstream) demand(mayFollow(before.id, upstreamIds, all))
    const slugs = (ids: readonly string[]) => ids.map((id) => all.find((one) => one.id === id)?.slug ?? id)
    const after = {
      name: input.name ?? before.name,
      rank: input.rank ?? before.rank,
      isProtected: input.isProtected ?? before.isProtected,
      upstreamIds: input.upstream ? upstreamIds : before.upstreamIds,
    }
    await tx.environment.update({ where: { id: before.id }, data: after, select: { id: true } })
    await appendEntry(tx, ctx, {
      action: 'environment.edited',
      subject: { kind: 'environment', id: before.id, name: before.slug },
      before: { name: before.name, rank: before.rank, isProtected: before.isProtected, upstream: slugs(before.upstreamIds) },
      after: { name: after.name, rank: after.rank, isProtected: after.isProtected, upstream: slugs(after.upstreamIds) },
    })
    await announce(tx, ctx.tenant.id, 'board', 'environments')
  })
  return getEnvironment(ctx, { environment: input.environment })
}
