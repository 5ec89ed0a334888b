import { existsSync } from 'node:fs'
import { authorizePlatform, mayPlatform } from '#lib/access/authorize'
import type { BackupListView, BackupState, BackupSummary, BackupView } from '#lib/operations/backup'
import { presentSchedule } from '#lib/operations/queries/read-schedule'
import type { Context } from '#lib/platform/context'
import type { Backup } from '#lib/platform/generated/client'
import { allowed, refused, type Verdict } from '#lib/platform/refusal'
import { dataPath, readSettings } from '#lib/platform/settings'

/** Backups of the installation, newest first. */
export async function listBackups(ctx: Context): Promise<BackupListView> {
  authorizePlatform(ctx.actor, 'backup.run')
  const rows = await ctx.read((tx) => tx.backup.findMany({ orderBy: { requestedAt: 'desc' }, take: 100 }))
  const open = rows.find(({ state }) => state === 'requested' || state === 'running')
  const may = mayPlatform(ctx.actor, 'backup.run')
  const free: Verdict = open ? refused('conflict', 'A backup is under way.', 'Wait until it is done.') : mayFromHere()
  return { items: rows.map(presentBackup), mayRun: may.allowed ? free : may, folder: dataPath('backups'), schedule: presentSchedule(ctx.now()) }
}

/** The worker needs the passphrase in a file: it is in no request, no row and no job. */
export function mayFromHere(): Verdict {
  const { CAISSON_BACKUP_PASSPHRASE_FILE: file } = readSettings()
  if (file === undefined) {
    return refused(
      'unavailable',
      'The server has no passphrase for backups.',
      'Set CAISSON_BACKUP_PASSPHRASE_FILE, or run `caisson backup --to FILE`.',
    )
  }
  if (!existsSync(file)) return refused('unavailable', `There is no file ${file}.`, 'Write the passphrase for backups into it.')
  return allowed
}

export function presentBackup(row: Backup): BackupView {
  return {
    id: row.id,
    state: row.state as BackupState,
    requestedAt: row.requestedAt.toISOString(),
    requestedBy: row.requestedBy,
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    path: row.path,
    sizeBytes: Number(row.sizeBytes),
    digest: row.digest,
    summary: row.summary === '{}' ? null : (JSON.parse(row.summary) as BackupSummary),
    outcome: row.outcome,
  }
}
