import { authorize } from '#lib/access/authorize'
import type { BackupPartView, DrillKind, DrillView, TenantBackupsView } from '#lib/operations/backup'
import type { TenantContext } from '#lib/platform/context'

const mostRows = 50

/** What backups hold of the tenant, and drills in which one was restored; both newest first. */
export async function listTenantBackups(ctx: TenantContext): Promise<TenantBackupsView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const parts = await tx.backupPart.findMany({ orderBy: { completedAt: 'desc' }, take: mostRows })
    const drills = await tx.restoreDrill.findMany({ orderBy: { at: 'desc' }, take: mostRows })
    return {
      parts: parts.map(({ tenantId: _tenant, ...part }): BackupPartView => ({
        ...part,
        completedAt: part.completedAt.toISOString(),
        logSize: Number(part.logSize),
        blobBytes: Number(part.blobBytes),
      })),
      drills: drills.map(({ tenantId: _tenant, ...drill }): DrillView => ({
        ...drill,
        kind: drill.kind as DrillKind,
        result: drill.result as DrillView['result'],
        at: drill.at.toISOString(),
        backupAt: drill.backupAt.toISOString(),
        sizeBytes: Number(drill.sizeBytes),
      })),
    }
  })
}
