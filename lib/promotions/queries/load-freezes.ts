import type { Tx } from '#lib/platform/database'
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
}

/** The freezes that are neither lifted nor over, each at the closed time that it is in or that comes next, by its start. One statement. */
export async function loadFreezes(tx: Tx, now: Date): Promise<FreezeFacts[]> {
  const rows = await tx.$queryRaw<Row[]>`
    select id, kind, environment_id as "environmentId", application_id as "applicationId", reason, incident,
      starts_at as "startsAt", ends_at as "endsAt", weekly
    from "freeze" where lifted_at is null and (ends_at is null or ends_at > now()) order by starts_at, id`
  return rows
    .flatMap(({ startsAt, endsAt, weekly, ...row }) => freezeAt({ ...row, rule: { startsAt, endsAt, weekly: readWeekly(weekly) } }, now) ?? [])
    .toSorted((left, right) => left.startsAt.getTime() - right.startsAt.getTime())
}

/** The stored text; '' says nothing of weeks. */
export function readWeekly(text: string): Weekly | null {
  return text === '' ? null : weeklySchema.parse(JSON.parse(text))
}
