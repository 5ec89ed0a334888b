import { may } from '#lib/access/authorize'
import type { EntrySight } from '#lib/audit/entry'
import { actorId, type Actor } from '#lib/platform/actor'

/**
 * Which entries of a tenant's log an actor reads: all with `audit.read`, else their own and those about what every
 * member can see. The audit room stands below this one, so its queries are told.
 */
export function auditSight(actor: Actor): EntrySight {
  return may(actor, 'audit.read').allowed ? { sees: 'log' } : { sees: 'open', actorId: actorId(actor) }
}
