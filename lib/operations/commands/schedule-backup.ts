import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import pg from 'pg'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { backupLock } from '#lib/operations/commands/run-backup'
import { ownerUrl } from '#lib/operations/internal/owner-url'
import { readSchedule } from '#lib/operations/queries/read-schedule'
import { isDue, scheduleActor, toLetGo } from '#lib/operations/schedule'
import { actorId, createContext, systemActor, type Context } from '#lib/platform/context'
import { isUniqueViolation } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { dataPath } from '#lib/platform/settings'

/** What the leader does before it makes what is asked for: asks for the daily one when it is due. Tells whether it asked. */
export async function scheduleBackup(now = new Date()): Promise<boolean> {
  await giveUpAbandoned()
  const schedule = readSchedule()
  if (!schedule) return false
  const ctx = createContext({ actor: systemActor(scheduleActor), now: () => now })
  try {
    return await ctx.write(async (tx) => {
      const requestedBy = actorId(ctx.actor)
      const earlier = await tx.backup.findMany({ where: { requestedBy }, orderBy: { requestedAt: 'desc' }, take: 10 })
      if (!isDue(schedule, now, earlier)) return false
      const id = newId()
      await tx.backup.create({ data: { id, state: 'requested', requestedBy, requestedAt: now } })
      await appendEntry(tx, ctx, { action: 'backup.requested', subject: { kind: 'backup', id }, reason: `daily at ${schedule.dailyAt} UTC` })
      return true
    })
  } catch (error) {
    // Somebody's own is under way: the next turn asks again.
    if (isUniqueViolation(error, 'backup_one_open')) return false
    throw error
  }
}

/** Deletes the files of the schedule's own backups beyond those that are kept. What people asked for is theirs. Returns how many. */
export async function letGoOldBackups(): Promise<number> {
  const schedule = readSchedule()
  if (!schedule) return 0
  const ctx = createContext({ actor: systemActor(scheduleActor) })
  const rows = await ctx.read((tx) => tx.backup.findMany({ where: { requestedBy: actorId(ctx.actor) }, orderBy: { requestedAt: 'desc' } }))
  // Only below the folder that the worker writes into: a row is no reason to delete any other file.
  const gone = toLetGo(schedule.keep, rows).filter(({ path }) => dirname(path) === dataPath('backups'))
  for (const { id, path } of gone) {
    await rm(path, { force: true })
    await ctx.write(async (tx) => {
      await tx.backup.update({ where: { id }, data: { path: '', outcome: `Its file was deleted: the newest ${schedule.keep} are kept.` } })
      await appendEntry(tx, ctx, { action: 'backup.let_go', subject: { kind: 'backup', id }, after: { keep: schedule.keep } })
    })
  }
  return gone.length
}

/** One whose process ended without a word would stand in the way of all others. Whoever makes one holds the lock of the database. */
async function giveUpAbandoned(): Promise<void> {
  const ctx: Context = createContext({ actor: systemActor(scheduleActor) })
  const row = await ctx.read((tx) => tx.backup.findFirst({ where: { state: 'running' } }))
  if (!row) return
  const client = new pg.Client({ connectionString: ownerUrl() })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [backupLock])
    if (!rows[0]?.taken) return
    await ctx.write(async (tx) => {
      const outcome = 'The process that made it ended.'
      const { count } = await tx.backup.updateMany({
        where: { id: row.id, state: 'running' },
        data: { state: 'failed', finishedAt: ctx.now(), outcome },
      })
      if (count > 0)
        await appendEntry(tx, ctx, { action: 'backup.failed', subject: { kind: 'backup', id: row.id }, outcome: 'failed', reason: outcome })
    })
  } finally {
    await client.end().catch(() => {})
  }
}
