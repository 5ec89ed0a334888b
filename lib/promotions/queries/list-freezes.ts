import type { z } from 'zod'
import { authorize, may } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { Freeze } from '#lib/platform/generated/client'
import { refused } from '#lib/platform/refusal'
import { closedTimeAt, nextClosedTimes, upcomingDays } from '#lib/promotions/closed-times'
import { freezeState, maySkip, readSkips, type FreezeList, type FreezeView, type listFreezesInput, type UpcomingClose } from '#lib/promotions/freeze'
import { mayFreeze } from '#lib/promotions/may-freeze'
import { ruleOf } from '#lib/promotions/queries/load-freezes'
import { peopleNames } from '#lib/releases/queries/people-names'

/** Planned and closed freezes, and with `includePast` the ended and lifted ones (the newest 200), newest first; and when they close. */
export async function listFreezes(ctx: TenantContext, input: z.output<typeof listFreezesInput>): Promise<FreezeList> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const [clock] = await tx.$queryRaw<{ now: Date }[]>`select now() as now`
    const now = clock?.now ?? ctx.now()
    // What has not ended comes first: past ones never push it out.
    const standing = await tx.freeze.findMany({
      where: { liftedAt: null, OR: [{ endsAt: null }, { endsAt: { gt: now } }] },
      orderBy: { startsAt: 'desc' },
      take: 200,
    })
    const past = input.includePast
      ? await tx.freeze.findMany({ where: { id: { notIn: standing.map(({ id }) => id) } }, orderBy: { startsAt: 'desc' }, take: 200 })
      : []
    const views = await present(tx, ctx, [...standing, ...past], now)
    const isStanding = ({ state }: FreezeView): boolean => state === 'planned' || state === 'closed'
    const items = views.filter((view) => input.includePast || isStanding(view)).toSorted((left, right) => right.startsAt.localeCompare(left.startsAt))
    return { items, upcoming: upcoming(views.filter(isStanding), standing, now), maySet: may(ctx.actor, 'freeze.set'), asOf: now.toISOString() }
  })
}

export async function presentFreeze(tx: Tx, ctx: TenantContext, id: string): Promise<FreezeView> {
  const [clock] = await tx.$queryRaw<{ now: Date }[]>`select now() as now`
  const [view] = await present(tx, ctx, [await tx.freeze.findUniqueOrThrow({ where: { id } })], clock?.now ?? ctx.now())
  if (!view) throw new TypeError('a freeze that was just read has no view')
  return view
}

function upcoming(views: readonly FreezeView[], rows: readonly Freeze[], now: Date): UpcomingClose[] {
  const horizon = new Date(now.getTime() + upcomingDays * 86_400_000)
  const closes = views.flatMap((view): UpcomingClose[] => {
    const row = rows.find(({ id }) => id === view.id)
    if (!row) return []
    const { id: freeze, kind, environment, application, reason, skips } = view
    const right = view.mayLift.allowed ? maySkip({ ...ruleOf(row), liftedAt: row.liftedAt }, now) : view.mayLift
    // What is skipped is listed where it would have been, so that it can be seen, and closed after all.
    return nextClosedTimes({ ...ruleOf(row), skipped: [] }, now, upcomingDays, horizon).map(({ startsAt, endsAt }) => ({
      freeze,
      kind,
      environment,
      application,
      reason,
      isWeekly: row.weekly !== '',
      startsAt: startsAt.toISOString(),
      endsAt: endsAt?.toISOString() ?? null,
      skip: skips.find((skip) => skip.startsAt === startsAt.toISOString()) ?? null,
      maySkip: right,
    }))
  })
  return closes.toSorted((left, right) => left.startsAt.localeCompare(right.startsAt) || left.freeze.localeCompare(right.freeze)).slice(0, 200)
}

async function present(tx: Tx, ctx: TenantContext, rows: Freeze[], now: Date): Promise<FreezeView[]> {
  const environments = await tx.environment.findMany({ orderBy: { rank: 'asc' } })
  const applications = await tx.application.findMany({ where: { id: { in: rows.flatMap(({ applicationId }) => applicationId ?? []) } } })
  const people = await peopleNames(
    tx,
    rows.flatMap(({ createdBy, liftedBy, skips }) => [createdBy, liftedBy ?? '', ...readSkips(skips).map(({ by }) => by)]),
  )
  const person = (id: string) => ({ id, name: people.get(id) ?? id })
  return rows.map((row) => {
    const environment = environments.find(({ id }) => id === row.environmentId)
    const application = applications.find(({ id }) => id === row.applicationId)
    const rule = ruleOf(row)
    const state = freezeState({ ...rule, liftedAt: row.liftedAt }, now)
    const isOver = state === 'lifted' || state === 'ended'
    const time = (isOver ? undefined : closedTimeAt(rule, now)) ?? rule
    return {
      id: row.id,
      kind: row.kind as FreezeView['kind'],
      environment: environment ? { slug: environment.slug, name: environment.name } : null,
      application: application ? { slug: application.slug, name: application.name } : null,
      reason: row.reason,
      incident: row.incident,
      startsAt: time.startsAt.toISOString(),
      endsAt: time.endsAt?.toISOString() ?? null,
      weekly: rule.weekly,
      skips: readSkips(row.skips).map((skip) => ({ ...skip, by: person(skip.by) })),
      validFrom: row.startsAt.toISOString(),
      validUntil: row.endsAt?.toISOString() ?? null,
      createdBy: person(row.createdBy),
      createdAt: row.createdAt.toISOString(),
      liftedBy: row.liftedBy ? person(row.liftedBy) : null,
      liftedAt: row.liftedAt?.toISOString() ?? null,
      state,
      mayLift: isOver ? refused('conflict', 'It was lifted or has ended already.') : mayFreeze(ctx.actor, environment ? [environment] : environments),
    }
  })
}
