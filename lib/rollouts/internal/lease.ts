// One runner per rollout: a lease with a number that only grows (docs/decisions/0070). Nobody's wall clock ends it: it is taken over
// when whoever watches saw it unchanged for longer than its holder goes on without renewing it.
import { longestWaitMs, maxAttempts, waitAfterMs } from '#lib/rollouts/attempts'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { enqueue } from '#lib/platform/jobs'

export interface Claimed {
  rolloutId: string
  promotionId: string
  owner: string
  fencingToken: bigint
  attempt: number
  phase: string
  /** Somebody asked to stop before it was claimed. */
  isCancelled: boolean
  /** By the monotonic clock of this process, before it was asked for. */
  claimedAtMs: number
}

export const defaultLeaseMs = 15_000

/** Thrown when another runner holds the rollout now, or it is settled: this one writes nothing more. */
export class LeaseLost extends Error {
  constructor() {
    super('the lease of this rollout is held by another runner')
    this.name = 'LeaseLost'
  }
}

/**
 * Takes a rollout that is unsettled and not held, counting the attempt before its work. undefined when it is held, not due
 * or settled. A lease is held until it is given back, or is still the one that was `silent` for too long: see LeaseWatch. The token is one more than any rollout of the same target ever had, because the target compares them.
 */
export async function claimLease(
  ctx: TenantContext,
  rolloutId: string,
  owner: string,
  leaseMs: number,
  { waits = waitAfterMs, silent }: { waits?: ((attempt: number) => number) | undefined; silent?: string | undefined } = {},
): Promise<Claimed | undefined> {
  const claimedAtMs = performance.now()
  return ctx.write(async (tx) => {
    // The lock first: of two runners the second reads what the first wrote.
    const [held] = await tx.$queryRaw<{ attempts: number; promotionId: string; isCancelled: boolean; isFree: boolean }[]>`
      select attempts, promotion_id as "promotionId", cancelled_at is not null as "isCancelled",
        settled_at is null
          and (lease_owner is null or concat_ws(' ', lease_owner, fencing_token, extract(epoch from lease_until)) = ${silent ?? ''})
          and (resume_at is null or cancelled_at is not null
            or resume_at not between clock_timestamp() and clock_timestamp() + ${longestWaitMs} * interval '1 millisecond') as "isFree"
      from rollout where id = ${rolloutId} for update`
    if (!held?.isFree) return undefined
    const attempt = held.attempts + 1
    const waitMs = attempt > maxAttempts ? 0 : waits(attempt)
    const [row] = await tx.$queryRaw<{ fencingToken: bigint; phase: string }[]>`
      update rollout set lease_owner = ${owner}, lease_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond',
        attempts = ${attempt}, resume_at = clock_timestamp() + ${waitMs} * interval '1 millisecond', started_at = coalesce(started_at, now()),
        fencing_token = 1 + (select coalesce(max(other.fencing_token), 0) from rollout other join promotion p on p.id = other.promotion_id
          join promotion mine on mine.id = ${held.promotionId}
          where p.environment_id = mine.environment_id and p.application_id = mine.application_id)
      where id = ${rolloutId} returning fencing_token as "fencingToken", phase`
    if (!row) return undefined
    const { promotionId, isCancelled } = held
    return { rolloutId, promotionId, owner, fencingToken: row.fencingToken, attempt, phase: row.phase, isCancelled, claimedAtMs }
  })
}

/** False when it is no longer ours. */
export async function renewLease(ctx: TenantContext, claimed: Claimed, leaseMs: number): Promise<boolean> {
  const count = await ctx.write(
    (tx) => tx.$executeRaw`
      update rollout set lease_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
      where id = ${claimed.rolloutId} and lease_owner = ${claimed.owner} and fencing_token = ${claimed.fencingToken} and settled_at is null`,
  )
  return count === 1
}

export interface HeldRow {
  phase: string
  cancelledAt: Date | null
  phaseTimes: string
  replaced: string
  /** The database's clock at the time of the lock. */
  now: Date
}

/** The row, locked, when it is still ours; otherwise {@link LeaseLost}. The first statement of every write of a runner. */
export async function lockHeld(tx: Tx, claimed: Claimed): Promise<HeldRow> {
  const [row] = await tx.$queryRaw<HeldRow[]>`
    select phase, cancelled_at as "cancelledAt", phase_times as "phaseTimes", replaced, clock_timestamp() as now from rollout
    where id = ${claimed.rolloutId} and lease_owner = ${claimed.owner} and fencing_token = ${claimed.fencingToken} and settled_at is null for update`
  if (!row) throw new LeaseLost()
  return row
}

/**
 * Gives the lease back before the rollout is settled, and asks for the next run. A clean stop gives the attempt back too;
 * after a failure that may pass, the next run waits.
 */
export async function releaseLease(
  ctx: TenantContext,
  claimed: Claimed,
  after: 'clean_stop' | { waitMs: number; reason: string; message: string },
): Promise<void> {
  await ctx.write(async (tx) => {
    await lockHeld(tx, claimed)
    if (after === 'clean_stop') {
      await tx.$executeRaw`update rollout set lease_owner = null, lease_until = null, resume_at = null, attempts = greatest(attempts - 1, 0) where id = ${claimed.rolloutId}`
    } else {
      await tx.$executeRaw`
        update rollout set lease_owner = null, lease_until = null, reason = ${after.reason}, message = ${after.message},
          resume_at = clock_timestamp() + ${after.waitMs} * interval '1 millisecond' where id = ${claimed.rolloutId}`
    }
    const runAt = after === 'clean_stop' ? {} : { runAt: new Date(ctx.now().getTime() + after.waitMs) }
    await enqueue(tx, 'run-rollout', { rolloutId: claimed.rolloutId, tenantId: ctx.tenant.id }, { key: `rollout:${claimed.rolloutId}`, ...runAt })
  })
}
