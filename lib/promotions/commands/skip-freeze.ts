import type { z } from 'zod'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { actorId, type TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { Freeze } from '#lib/platform/generated/client'
import { announce } from '#lib/platform/live-event'
import { demand, Refusal } from '#lib/platform/refusal'
import { nextClosedTimes } from '#lib/promotions/closed-times'
import { maySkip, readSkips, type FreezeSkip, type FreezeView, type skipFreezeInput, type withdrawSkipInput } from '#lib/promotions/freeze'
import { upcomingDays } from '#lib/promotions/closed-times'
import { wakeWaiting } from '#lib/promotions/internal/wake-waiting'
import { demandFreeze } from '#lib/promotions/internal/demand-freeze'
import { presentFreeze } from '#lib/promotions/queries/list-freezes'
import { readWeekly } from '#lib/promotions/queries/load-freezes'

/** Leaves one closed time of a weekly freeze open, this once; the weeks after it close as before. What waited for it is looked at again. */
export async function skipFreeze(ctx: TenantContext, input: z.output<typeof skipFreezeInput>): Promise<FreezeView> {
  return change(ctx, input, 'freeze.skipped', (skips, { row, startsAt, now }) => {
    if (skips.some((one) => one.startsAt === startsAt)) {
      throw new Refusal('conflict', `The closed time of ${startsAt} is skipped already.`, { fix: 'Look at the freezes again.' })
    }
    const rule = { startsAt: row.startsAt, endsAt: row.endsAt, weekly: readWeekly(row.weekly), skipped: skips.map((one) => one.startsAt) }
    const horizon = new Date(now.getTime() + upcomingDays * 86_400_000)
    const times = nextClosedTimes(rule, now, upcomingDays, horizon).map((time) => time.startsAt.toISOString())
    if (!times.includes(startsAt)) {
      throw new Refusal('invalid_input', `This freeze does not close at ${startsAt} within the next ${upcomingDays} days.`, {
        fix: times[0] === undefined ? 'It closes nothing any more.' : `Its next closed time begins at ${times[0]}.`,
        details: { errors: [{ field: 'startsAt', message: 'No closed time begins then.' }] },
      })
    }
    return [...skips, { startsAt, reason: input.reason, by: actorId(ctx.actor), at: now.toISOString() }]
  })
}

/** Closes again what was skipped. Refuses (`conflict`) what was not, or is over. */
export async function withdrawSkip(ctx: TenantContext, input: z.output<typeof withdrawSkipInput>): Promise<FreezeView> {
  return change(ctx, { ...input, reason: '' }, 'freeze.skip_withdrawn', (skips, { startsAt }) => {
    if (!skips.some((one) => one.startsAt === startsAt)) {
      throw new Refusal('conflict', `The closed time of ${startsAt} is not skipped.`, { fix: 'Look at the freezes again.' })
    }
    return skips.filter((one) => one.startsAt !== startsAt)
  })
}

interface At {
  row: Freeze
  startsAt: string
  now: Date
}

async function change(
  ctx: TenantContext,
  input: { freeze: string; startsAt: string; reason: string },
  action: string,
  next: (skips: FreezeSkip[], at: At) => FreezeSkip[],
): Promise<FreezeView> {
  return ctx.write(async (tx) => {
    const row = await lockFreeze(tx, input.freeze)
    const environment = row.environmentId ? await tx.environment.findUniqueOrThrow({ where: { id: row.environmentId } }) : undefined
    const application = row.applicationId ? await tx.application.findUniqueOrThrow({ where: { id: row.applicationId } }) : undefined
    await demandFreeze(tx, ctx, environment)
    const [clock] = await tx.$queryRaw<{ now: Date }[]>`select now() as now`
    const now = clock?.now ?? ctx.now()
    demand(maySkip({ weekly: readWeekly(row.weekly), liftedAt: row.liftedAt, endsAt: row.endsAt }, now))
    const startsAt = new Date(input.startsAt).toISOString()
    const skips = next(readSkips(row.skips), { row, startsAt, now })
    // What was skipped long ago says nothing any more.
    const kept = skips.filter((one) => Date.parse(one.startsAt) > now.getTime() - 28 * 86_400_000)
    await tx.$executeRaw`update "freeze" set skips = ${JSON.stringify(kept)} where id = ${row.id}`
    await appendEntry(tx, ctx, {
      action,
      subject: { kind: 'freeze', id: row.id, name: `${application?.slug ?? 'every application'} in ${environment?.slug ?? 'every environment'}` },
      after: { startsAt },
      reason: input.reason,
    })
    await wakeWaiting(tx, ctx, {
      ...(row.environmentId ? { environmentId: row.environmentId } : {}),
      ...(row.applicationId ? { applicationId: row.applicationId } : {}),
    })
    await announce(tx, ctx.tenant.id, 'board', row.id)
    return presentFreeze(tx, ctx, row.id)
  })
}

/** Two people who skip two weeks at once both do. */
async function lockFreeze(tx: Tx, id: string): Promise<Freeze> {
  await tx.$queryRaw`select id from "freeze" where id = ${id} for update`
  const row = await tx.freeze.findUnique({ where: { id } })
  if (!row) throw new Refusal('not_found', `There is no freeze ${id} that you can see.`)
  return row
}
