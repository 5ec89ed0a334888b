import { readFile } from 'node:fs/promises'
import { authorizePlatform } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { BackupView } from '#lib/operations/backup'
import { failBackup, runBackup } from '#lib/operations/commands/run-backup'
import { mayFromHere, presentBackup } from '#lib/operations/queries/list-backups'
import { actorId, createContext, systemActor, type Context } from '#lib/platform/context'
import { isUniqueViolation } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { demand, Refusal } from '#lib/platform/refusal'
import { dataPath, readSettings } from '#lib/platform/settings'

/** Asks the worker for a backup into `backups/` of the data directory. The passphrase is a file on the server and is in no request. */
export async function requestBackup(ctx: Context): Promise<BackupView> {
  authorizePlatform(ctx.actor, 'backup.run')
  demand(mayFromHere())
  const id = newId()
  try {
    return await ctx.write(async (tx) => {
      const row = await tx.backup.create({ data: { id, state: 'requested', requestedBy: actorId(ctx.actor) } })
      await appendEntry(tx, ctx, { action: 'backup.requested', subject: { kind: 'backup', id } })
      return presentBackup(row)
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'backup_one_open')) throw error
    throw new Refusal('conflict', 'A backup is under way.', { fix: 'Wait until it is done.', cause: error })
  }
}

/** What a worker does when it leads: the backup that somebody, or the schedule, asked for, if anybody did. */
export async function runRequestedBackup(): Promise<BackupView | undefined> {
  const ctx = createContext({ actor: systemActor('worker') })
  const row = await ctx.read((tx) => tx.backup.findFirst({ where: { state: 'requested' } }))
  if (!row) return undefined
  const { CAISSON_BACKUP_PASSPHRASE_FILE: file } = readSettings()
  const verdict = mayFromHere()
  if (!verdict.allowed) {
    await failBackup(ctx, row.id, `${verdict.reason} ${verdict.fix ?? ''}`.trim())
    return undefined
  }
  const passphrase = file === undefined ? '' : (await readFile(file, 'utf8').catch(() => '')).trim()
  // With the end of its id: two of one second, or of one hour after a clock was set back, are two files.
  const name = `caisson-${ctx.now().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z-${row.id.slice(-6)}.backup`
  return runBackup(ctx, { to: dataPath('backups', name), passphrase, backupId: row.id })
}
