// When a backup is due by itself, and which files of earlier ones are let go. Times are UTC: a day there has 24 hours.
export interface BackupSchedule {
  /** `HH:MM`, UTC. */
  dailyAt: string
  /** How many files of backups that were made by the schedule are kept. */
  keep: number
}

export interface ScheduleView extends BackupSchedule {
  /** When the next one is due. */
  next: string
}

/** What the schedule asks for; the id that stands in `requestedBy`. */
export const scheduleActor = 'backup-schedule'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** One that failed is tried again after an hour, so often for each day. */
const mostTries = 3

/** The newest time that was due, at or before `now`. */
export function newestSlot({ dailyAt }: Pick<BackupSchedule, 'dailyAt'>, now: Date): Date {
  const [hours = 0, minutes = 0] = dailyAt.split(':').map(Number)
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), hours, minutes)
  return new Date(today <= now.getTime() ? today : today - dayMs)
}

export function nextSlot(schedule: Pick<BackupSchedule, 'dailyAt'>, now: Date): Date {
  return new Date(newestSlot(schedule, now).getTime() + dayMs)
}

/**
 * Whether one is due: none of the schedule since the newest slot, or only ones that came to nothing, the last an hour ago. A slot that
 * passed while Caisson was off is made up for. `earlier`: those of the schedule, in any order.
 */
export function isDue(schedule: BackupSchedule, now: Date, earlier: readonly { state: string; requestedAt: Date }[]): boolean {
  const slot = newestSlot(schedule, now)
  const since = earlier.filter(({ requestedAt }) => requestedAt >= slot)
  if (since.some(({ state }) => state !== 'failed')) return false
  const last = Math.max(...since.map(({ requestedAt }) => requestedAt.getTime()))
  return since.length === 0 || (since.length < mostTries && last <= now.getTime() - hourMs)
}

/** Those whose files go, newer ones being kept. A backup that is not whole counts for nothing and goes once there are `keep` whole ones. */
export function toLetGo<B extends { state: string; requestedAt: Date; path: string }>(keep: number, backups: readonly B[]): B[] {
  const newestFirst = backups.filter(({ path }) => path !== '').toSorted((a, b) => b.requestedAt.getTime() - a.requestedAt.getTime())
  const oldestKept = newestFirst.filter(({ state }) => state === 'completed')[keep - 1]
  if (!oldestKept) return []
  return newestFirst.filter(({ state, requestedAt }) => (state === 'completed' || state === 'incomplete') && requestedAt < oldestKept.requestedAt)
}
