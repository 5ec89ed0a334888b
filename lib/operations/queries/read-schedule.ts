import { nextSlot, type BackupSchedule, type ScheduleView } from '#lib/operations/schedule'
import { readSettings } from '#lib/platform/settings'

/** The daily backup of this installation; undefined where none is set. */
export function readSchedule(): BackupSchedule | undefined {
  const { CAISSON_BACKUP_DAILY_AT: dailyAt, CAISSON_BACKUP_KEEP: keep } = readSettings()
  return dailyAt === undefined ? undefined : { dailyAt, keep }
}

export function presentSchedule(now: Date): ScheduleView | null {
  const schedule = readSchedule()
  return schedule ? { ...schedule, next: nextSlot(schedule, now).toISOString() } : null
}
