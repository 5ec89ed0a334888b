import { authorizePlatform } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { createContext, type Context } from '#lib/platform/context'
import { announce } from '#lib/platform/live-event'
import { Refusal } from '#lib/platform/refusal'
import { findTenantForUpdate } from '#lib/tenants/queries/find-tenant'

/** Closes a tenant to every change; it can still be read, and what runs goes on running. */
export async function suspendTenant(ctx: Context, input: { slug: string; reason: string }): Promise<void> {
  await changeSuspension(ctx, input, true)
}

export async function resumeTenant(ctx: Context, input: { slug: string }): Promise<void> {
  await changeSuspension(ctx, { ...input, reason: '' }, false)
}

async function changeSuspension(ctx: Context, input: { slug: string; reason: string }, isSuspended: boolean): Promise<void> {
  authorizePlatform(ctx.actor, 'tenant.suspend')
  const platform = createContext({ actor: ctx.actor, requestId: ctx.requestId, now: ctx.now })
  await platform.write(async (tx) => {
    const tenant = await findTenantForUpdate(tx, input.slug)
    if ((tenant.suspendedAt !== null) === isSuspended) {
      throw new Refusal('conflict', `${input.slug} is ${isSuspended ? 'suspended already' : 'not suspended'}.`, { fix: 'Look at its state again.' })
    }
    await tx.tenant.update({ where: { id: tenant.id }, data: { suspendedAt: isSuspended ? ctx.now() : null }, select: { id: true } })
    await appendEntry(
      tx,
      { ...platform, tenant: { id: tenant.id, slug: tenant.slug, tier: tenant.tier, isSuspended } },
      {
        action: isSuspended ? 'tenant.suspended' : 'tenant.resumed',
        subject: { kind: 'tenant', id: tenant.id, name: tenant.slug },
        reason: input.reason,
      },
    )
    await announce(tx, tenant.id, 'settings', 'tenant')
  })
}
