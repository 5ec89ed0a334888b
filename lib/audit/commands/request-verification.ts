import { appendEntry } from '#lib/audit/commands/append-entry'
import { verifyLog } from '#lib/audit/commands/verify-log'
import type { VerificationReport } from '#lib/audit/finding'
import type { TenantContext } from '#lib/platform/context'

/** Verifies the tenant's log in full because somebody asked, and keeps the result and that they asked. */
export async function requestVerification(ctx: TenantContext): Promise<VerificationReport> {
  const report = await verifyLog(ctx.tenant.id)
  await ctx.write((tx) =>
    appendEntry(tx, ctx, {
      action: 'audit.verified',
      subject: { kind: 'audit_log', id: ctx.tenant.id, name: ctx.tenant.slug },
      outcome: report.isOk ? 'done' : 'failed',
      after: { size: report.size, findings: report.findings.length },
    }),
  )
  return report
}
