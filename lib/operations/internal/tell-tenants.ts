import { appendEntry } from '#lib/audit/commands/append-entry'
import { createContext, type Context } from '#lib/platform/context'

/** An entry, and with it an event, in each tenant: no backup was made of it. Why is the platform's to see, with its paths and names. */
export async function tellOfFailure(ctx: Context, backupId: string): Promise<void> {
  const tenants = await ctx.read((tx) => tx.tenant.findMany({ orderBy: { id: 'asc' } }))
  for (const tenant of tenants) {
    const own = createContext({
      actor: ctx.actor,
      tenant: { id: tenant.id, slug: tenant.slug, tier: tenant.tier, isSuspended: tenant.suspendedAt !== null },
      requestId: ctx.requestId,
      now: ctx.now,
    })
    await own.write((tx) =>
      appendEntry(tx, own, {
        action: 'backup.failed',
        subject: { kind: 'backup', id: backupId },
        outcome: 'failed',
        reason: 'A backup of the installation came to nothing; its administrators see why.',
      }),
    )
  }
}
