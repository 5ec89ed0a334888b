import { z } from 'zod'
import { closedTimeAt, type FreezeRule } from '#lib/promotions/closed-times'
import type { PersonView } from '#lib/promotions/promotion'
import { weeklySchema, type Weekly } from '#lib/promotions/weekly'
import { allowed, refused, type Verdict } from '#lib/platform/refusal'

export const createFreezeInput = z.strictObject({
  /** A window is planned; stop_the_line closes at once and names an incident. */
  kind: z.enum(['window', 'stop_the_line']).default('window'),
  /** Slugs; absent means every one. */
  environment: z.string().min(1).max(100).optional(),
  application: z.string().min(1).max(100).optional(),
  reason: z.string().trim().min(1).max(2000),
  incident: z.string().trim().max(200).default(''),
  /** Now, when absent. */
  startsAt: z.iso.datetime({ offset: true }).optional(),
  /** Until it is lifted, when absent. */
  endsAt: z.iso.datetime({ offset: true }).optional(),
  /** Closed only at these times of each week, from the start to the end. */
  weekly: weeklySchema.optional(),
})
export type CreateFreezeInput = z.input<typeof createFreezeInput>

export const liftFreezeInput = z.strictObject({ freeze: z.string().min(1).max(100) })
export const listFreezesInput = z.strictObject({ includePast: z.stringbool().default(false) })

const occurrence = { freeze: z.string().min(1).max(100), startsAt: z.iso.datetime({ offset: true }) }
/** One closed time of a weekly freeze, named by its start. */
export const skipFreezeInput = z.strictObject({ ...occurrence, reason: z.string().trim().min(1).max(500) })
export const withdrawSkipInput = z.strictObject(occurrence)

const skipSchema = z.strictObject({ startsAt: z.string(), reason: z.string(), by: z.string(), at: z.string() })
export type FreezeSkip = z.output<typeof skipSchema>

/** From the column of a row. */
export function readSkips(text: string): FreezeSkip[] {
  return z.array(skipSchema).parse(JSON.parse(text))
}

export interface FreezeView {
  id: string
  kind: 'window' | 'stop_the_line'
  environment: { slug: string; name: string } | null
  application: { slug: string; name: string } | null
  reason: string
  incident: string
  /** The closed time that it is in, or that comes next; of one that is over, its whole time. */
  startsAt: string
  endsAt: string | null
  /** Each week at these times, from `validFrom` until `validUntil`; null: once. */
  weekly: Weekly | null
  /** Closed times that stay open, by their start; those of the last four weeks and to come. */
  skips: { startsAt: string; reason: string; by: PersonView; at: string }[]
  validFrom: string
  validUntil: string | null
  createdBy: PersonView
  createdAt: string
  liftedBy: PersonView | null
  liftedAt: string | null
  state: 'planned' | 'closed' | 'ended' | 'lifted'
  mayLift: Verdict
}

export interface FreezeRow extends FreezeRule {
  liftedAt: Date | null
}

/** Where a freeze stands at a time (the database's). The start is inside the window, the end is not. */
export function freezeState(freeze: FreezeRow, now: Date): FreezeView['state'] {
  if (freeze.liftedAt) return 'lifted'
  const time = closedTimeAt(freeze, now)
  if (!time) return 'ended'
  return time.startsAt > now ? 'planned' : 'closed'
}

/** Only what comes back each week, and stands, has one closed time among others to skip. */
export function maySkip({ weekly, liftedAt, endsAt }: Pick<FreezeRow, 'weekly' | 'liftedAt' | 'endsAt'>, now: Date): Verdict {
  if (!weekly) return refused('conflict', 'This freeze closes once: lift it instead.', 'Lift the freeze.')
  return liftedAt || (endsAt && endsAt <= now) ? refused('conflict', 'This freeze was lifted or has ended already.') : allowed
}

/** One time that promotion will be closed, by one freeze. */
export interface UpcomingClose {
  freeze: string
  kind: FreezeView['kind']
  environment: FreezeView['environment']
  application: FreezeView['application']
  reason: string
  isWeekly: boolean
  startsAt: string
  endsAt: string | null
  /** Who leaves it open this once, and why; null: it closes. */
  skip: { reason: string; by: PersonView } | null
  maySkip: Verdict
}

export interface FreezeList {
  items: FreezeView[]
  /** The closed times of the next {@link upcomingDays}, by their start; the first may have begun. */
  upcoming: UpcomingClose[]
  /** Whether the caller may close anything at all; a scope may still refuse. */
  maySet: Verdict
  /** The database's time that all of this is true at. */
  asOf: string
}
