// One runner per rollout: a lease with a number that only grows (docs/decisions/0070). Nobody's wall clock ends it: it is taken over
// when whoever watches saw it unchanged for longer than its holder goes on without renewing it.
import type { RolloutPhase } from '#lib/rollouts/phases'
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

/** How a statement of its own says that the rollout is still held: its parameters $1 to $4, the tenant and {@link heldValues}. */
export const isHeld = 'rollout.tenant_id = $1 and rollout.id = $2 and lease_owner = $3 and fencing_token = $4 and settled_at is null'

export function heldValues({ rolloutId, owner, fencingToken }: Claimed): unknown[] {
  return [rolloutId, owner, fencingToken]
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
  const waitsMs = Array.from({ length: maxAttempts }, (_, index) => waits(index + 1))
  // One statement: of two runners the second waits for the row and finds what the first wrote in it.
  const [row] = await ctx.once<Omit<Claimed, 'rolloutId' | 'owner' | 'fencingToken' | 'claimedAtMs'> & { fencingToken: string }>(
    `update rollout set lease_owner = $3, lease_until = clock_timestamp() + $4 * interval '1 millisecond', attempts = attempts + 1,
       resume_at = clock_timestamp() + coalesce(($5::int[])[attempts + 1], 0) * interval '1 millisecond', started_at = coalesce(started_at, now()),
       fencing_token = 1 + (select coalesce(max(other.fencing_token), 0) from rollout other join promotion p on p.id = other.promotion_id
         join promotion mine on mine.id = rollout.promotion_id
         where p.environment_id = mine.environment_id and p.application_id = mine.application_id)
     where tenant_id = $1 and id = $2 and settled_at is null
       and (lease_owner is null or concat_ws(' ', lease_owner, fencing_token, extract(epoch from lease_until)) = $6)
       and (resume_at is null or cancelled_at is not null
         or resume_at not between clock_timestamp() and clock_timestamp() + $7 * interval '1 millisecond')
     returning fencing_token as "fencingToken", attempts as attempt, phase, promotion_id as "promotionId", cancelled_at is not null as "isCancelled"`,
    [rolloutId, owner, leaseMs, waitsMs, silent ?? '', longestWaitMs],
  )
  return row && { ...row, rolloutId, owner, fencingToken: BigInt(row.fencingToken), claimedAtMs }
}

/** False when it is no longer ours. */
export async function renewLease(ctx: TenantContext, claimed: Claimed, leaseMs: number): Promise<boolean> {
  const rows = await ctx.once(`update rollout set lease_until = clock_timestamp() + $5 * interval '1 millisecond' where ${isHeld} returning id`, [
    ...heldValues(claimed),
    leaseMs,
  ])
  return rows.length === 1
}

/** Writes a phase that has nothing else to write, with the database's time of entering it: one statement. Whether somebody asked to stop. */
export async function passInto(ctx: TenantContext, claimed: Claimed, from: RolloutPhase, phase: RolloutPhase): Promise<boolean> {
  const [row] = await ctx.once<{ isCancelled: boolean }>(
    `with passed as (
       update rollout set phase = $6, applied_at = case when $6 = 'applied' then now() else applied_at end,
         phase_times = rtrim(phase_times, '}') || case phase_times when '{}' then '' else ',' end
           || format('"%s":"%s"}', $6::text, to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
       where ${isHeld} and phase = $5 returning cancelled_at),
     told as (insert into live_event (tenant_id, topic, subject) select $1, 'rollout', $7 from passed)
     select cancelled_at is not null as "isCancelled" from passed`,
    [...heldValues(claimed), from, phase, claimed.promotionId],
  )
  if (!row) throw new LeaseLost()
  return row.isCancelled
}

export interface HeldRow {
  phase: string
  cancelledAt: Date | null
  phaseTimes: string
  replaced: string
  /** The database's clock at the time of the lock. */
  now: Date
}

/** The row, locked, when it is still ours; otherwise {@link LeaseLost}. The first statement of every transaction of a runner. */
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
