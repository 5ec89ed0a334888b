import { database, inTransaction } from '#lib/platform/database'
import { enqueue } from '#lib/platform/jobs'
import { longestWaitMs } from '#lib/rollouts/attempts'
import { defaultLeaseMs } from '#lib/rollouts/internal/lease'

/** A holder stops by itself after the length of its lease; what its timers may be late by comes on top. */
const certainty = 1.2

/** How long each lease was seen unchanged, by the monotonic clock of this process: setting a clock neither ends nor prolongs one. */
export class LeaseWatch {
  readonly #silentMs: number
  #seen = new Map<string, { lease: string; since: number }>()

  constructor(leaseMs: number = defaultLeaseMs) {
    this.#silentMs = leaseMs * certainty
  }

  /** The rollouts whose holder is gone; asked for all that are held, each time. */
  silentOf(held: readonly { id: string; lease: string }[]): Set<string> {
    const now = performance.now()
    this.#seen = new Map(
      held.map(({ id, lease }) => {
        const known = this.#seen.get(id)
        return [id, known?.lease === lease ? known : { lease, since: now }]
      }),
    )
    return new Set([...this.#seen].flatMap(([id, { since }]) => (now - since > this.#silentMs ? [id] : [])))
  }
}

/**
 * Asks for a run of every unsettled rollout that nobody holds and that is due, of all tenants, and of those whose holder was silent for
 * too long. Returns how many.
 */
export async function resumeRollouts(watch: LeaseWatch): Promise<number> {
  return inTransaction(database(), { role: 'caisson_platform' }, async (tx) => {
    const rows = await tx.$queryRaw<{ id: string; tenantId: string; lease: string | null }[]>`
      select id, tenant_id as "tenantId",
        case when lease_owner is not null then concat_ws(' ', lease_owner, fencing_token, extract(epoch from lease_until)) end as lease
      from rollout
      where settled_at is null and (lease_owner is not null or resume_at is null or cancelled_at is not null
        or resume_at not between now() and now() + ${longestWaitMs} * interval '1 millisecond')
      order by created_at limit 500`
    const silent = watch.silentOf(rows.flatMap(({ id, lease }) => (lease === null ? [] : [{ id, lease }])))
    const due = rows.filter(({ id, lease }) => lease === null || silent.has(id))
    for (const { id, tenantId, lease } of due) {
      await enqueue(tx, 'run-rollout', { rolloutId: id, tenantId, ...(lease === null ? {} : { silent: lease }) }, { key: `rollout:${id}` })
    }
    return due.length
  })
}
