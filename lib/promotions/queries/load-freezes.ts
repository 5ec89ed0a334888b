import { Prisma } from '#lib/platform/generated/client'
import { reading } from '#lib/platform/together'
import type { FreezeRule } from '#lib/promotions/closed-times'
import { readSkips } from '#lib/promotions/freeze'
import { freezeAt, type FreezeFacts } from '#lib/promotions/situation'
import { weeklySchema, type Weekly } from '#lib/promotions/weekly'

interface Row {
  id: string
  kind: string
  environmentId: string | null
  applicationId: string | null
  reason: string
  incident: string
  startsAt: Date
  endsAt: Date | null
  weekly: string
  skips: string
}

/** The freezes that are neither lifted nor over. */
export const freezeRows = reading<Row>(
  Prisma.sql`
    select id, kind, environment_id as "environmentId", application_id as "applicationId", reason, incident,
      starts_at as "startsAt", ends_at as "endsAt", weekly, skips
    from "freeze" where lifted_at is null and (ends_at is null or ends_at > now()) order by starts_at, id`,
  'startsAt',
  'endsAt',
)

/** Each at the closed time that it is in or that comes next, by its start. */
export function freezesOf(rows: readonly Row[], now: Date): FreezeFacts[] {
  return rows
    .flatMap(({ startsAt, endsAt, weekly, skips, ...row }) => freezeAt({ ...row, rule: ruleOf({ startsAt, endsAt, weekly, skips }) }, now) ?? [])
    .toSorted((left, right) => left.startsAt.getTime() - right.startsAt.getTime())
}

/** What a row says, as closed times are computed of. */
export function ruleOf({ startsAt, endsAt, weekly, skips }: Pick<Row, 'startsAt' | 'endsAt' | 'weekly' | 'skips'>): FreezeRule {
  return { startsAt, endsAt, weekly: readWeekly(weekly), skipped: readSkips(skips).map((skip) => skip.startsAt) }
}

/** The stored text; '' says nothing of weeks. */
export function readWeekly(text: string): Weekly | null {
  return text === '' ? null : weeklySchema.parse(JSON.parse(text))
}
