import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'
import { announce } from '#lib/platform/live-event'
import { getTenant } from '#lib/tenants/queries/get-tenant'
import type { TenantView } from '#lib/tenants/tenant'

/** Changes the name that pages show; the slug never changes. */
export async function renameTenant(ctx: TenantContext, input: { name: string }): Promise<TenantView> {
  authorize(ctx.actor, 'tenant.settings')
  await ctx.write(async (tx) => {
    const before = await tx.tenant.findUniqueOrThrow({ where: { id: ctx.tenant.id } })
    await tx.tenant.update({ where: { id: ctx.tenant.id }, data: { name: input.name }, select: { id: true } })
    await appendEntry(tx, ctx, {
      action: 'tenant.renamed',
      subject: { kind: 'tenant', id: ctx.tenant.id, name: ctx.tenant.slug },
      before: { name: before.name },
      after: { name: input.name },
    })
    await announce(tx, ctx.tenant.id, 'settings', 'tenant')
  })
  return getTenant(ctx)
}
