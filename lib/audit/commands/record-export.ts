import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'

/** That somebody took the log out of the house is itself an entry, written before the first line leaves. */
export async function recordExport(ctx: TenantContext, format: 'jsonl' | 'csv' = 'jsonl'): Promise<void> {
  await ctx.write(async (tx) => {
    const newest = await tx.auditCheckpoint.findFirst({
      where: { log: ctx.tenant.id },
      orderBy: { size: 'desc' },
      select: { size: true, root: true },
    })
    const after = { size: Number(newest?.size ?? 0), root: newest?.root ?? '', format }
    await appendEntry(tx, ctx, { action: 'audit.exported', subject: { kind: 'audit_log', id: ctx.tenant.id, name: ctx.tenant.slug }, after })
  })
}
