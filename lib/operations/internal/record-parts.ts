import { appendEntry } from '#lib/audit/commands/append-entry'
import { recordEvidence } from '#lib/evidence/commands/record-evidence'
import type { BackupManifest, BackupSummary } from '#lib/operations/backup'
import { createContext, type Context } from '#lib/platform/context'

/** An archive as it is on the disk. */
export interface Written {
  sizeBytes: number
  digest: string
}

/** What a completed backup holds of each tenant, in that tenant's own rows and log (S1.22). */
export async function recordParts(ctx: Context, manifest: BackupManifest, written: Written, completedAt: Date): Promise<void> {
  const tenants = await ctx.read((tx) => tx.tenant.findMany({ where: { id: { in: manifest.tenants.map(({ id }) => id) } } }))
  for (const tenant of tenants) {
    const part = manifest.tenants.find(({ id }) => id === tenant.id)
    const head = manifest.heads.find(({ log }) => log === tenant.id)
    if (!part) continue
    const own = createContext({
      actor: ctx.actor,
      tenant: { id: tenant.id, slug: tenant.slug, tier: tenant.tier, isSuspended: tenant.suspendedAt !== null },
      requestId: ctx.requestId,
      now: ctx.now,
    })
    await own.write(async (tx) => {
      const { rows, blobs, blobBytes, digest } = part
      const held = { logSize: BigInt(head?.size ?? 0), logHash: head?.hash ?? '', rows, blobs, blobBytes: BigInt(blobBytes), digest }
      await tx.backupPart.create({ data: { backupId: manifest.backupId, tenantId: tenant.id, completedAt, ...held } })
      await recordEvidence(tx, own, {
        control: 'backup-proof',
        scope: {},
        outcome: 'pass',
        isObserved: true,
        summary: `A backup of everything was made and every blob in it verified: ${rows} rows, ${blobs} blobs, log of ${held.logSize} entries.`,
        facts: { backup: manifest.backupId, archive: written.digest },
        content: {
          text: JSON.stringify({ ...part, log: head ?? null, archive: written.digest, madeAt: manifest.createdAt }),
          mediaType: 'application/json',
        },
        observedAt: completedAt,
      })
      await appendEntry(tx, own, {
        action: 'backup.completed',
        subject: { kind: 'backup', id: manifest.backupId },
        after: { ...held, archive: written.digest },
      })
    })
  }
}

export function summaryOf(manifest: BackupManifest): BackupSummary {
  return {
    rows: Object.values(manifest.rows).reduce((sum, rows) => sum + rows, 0),
    tables: Object.keys(manifest.rows).length,
    blobs: manifest.blobs.count,
    blobBytes: manifest.blobs.sizeBytes,
    damaged: manifest.blobs.damaged,
    tenants: manifest.tenants.length,
    heads: manifest.heads,
    excluded: manifest.excluded,
    schema: manifest.migrations.at(-1) ?? '',
  }
}
