import type { BackupFacts, DrillKind } from '#lib/operations/backup'
import type { Tx } from '#lib/platform/database'
import { Prisma } from '#lib/platform/generated/client'
import { reading } from '#lib/platform/together'

/** The newest completed backup that holds the tenant of this transaction, and the newest drill of each kind that passed. */
export async function backupFacts(tx: Tx): Promise<BackupFacts> {
  const backup = await tx.backupPart.findFirst({ orderBy: { completedAt: 'desc' } })
  const newest = async (kind: DrillKind) => {
    const drill = await tx.restoreDrill.findFirst({ where: { kind, result: 'passed' }, orderBy: { at: 'desc' } })
    return drill ? { at: drill.at, backupDigest: drill.backupDigest } : null
  }
  return {
    backup: backup ? { id: backup.backupId, completedAt: backup.completedAt, digest: backup.digest } : null,
    drills: { data: await newest('data'), secrets: await newest('secrets') },
  }
}

/** When the newest completed backup that holds the tenant of this transaction was made. */
export const newestBackup = reading<{ at: Date | null }>(Prisma.sql`select max(completed_at) as at from backup_part`, 'at')
