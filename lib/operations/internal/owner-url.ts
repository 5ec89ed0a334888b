import { readSettings } from '#lib/platform/settings'
import { Refusal } from '#lib/platform/refusal'

/** The account that owns the schema: it reads the list of migrations and the queue, which no other role may. */
export function ownerUrl(): string {
  const url = readSettings().DATABASE_OWNER_URL ?? process.env['DATABASE_URL']
  if (url) return url
  throw new Refusal('unavailable', 'No database is configured.', { fix: 'Start with `caisson up`, or set DATABASE_URL.' })
}
