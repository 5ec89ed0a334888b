import type { z } from 'zod'
import { authorize, may } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { Freeze } from '#lib/platform/generated/client'
import { refused } from '#lib/platform/refusal'
import { freezeState, type FreezeList, type FreezeView, type listFreezesInput } from '#lib/promotions/freeze'
import { peopleNames } from '#lib/releases/queries/people-names'

/** Planned and closed freezes, and with `includePast` the ended and lifted ones (the newest 200), newest first. */
export async function listFreezes(ctx: TenantContext, input: z.output<typeof listFreezesInput>): Promise<FreezeList> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const rows = await tx.freeze.findMany({ ...(input.includePast ? {} : { where: { liftedAt: null } }), orderBy: { startsAt: 'desc' }, take: 200 })
    const views = await present(tx, ctx, rows)
    const items = input.includePast ? views : views.filter(({ state }) => state === 'planned' || state === 'closed')
    return { items, maySet: may(ctx.actor, 'freeze.set') }
  })
}

export async function presentFreeze(tx: Tx, ctx: TenantContext, id: string): Promise<FreezeView> {
  const [view] = await present(tx, ctx, [await tx.freeze.findUniqueOrThrow({ where: { id } })])
  if (!view) throw new TypeError('a freeze that was just read has no view')
  return view
}

async function present(tx: Tx, ctx: TenantContext, rows: Freeze[]): Promise<FreezeView[]> {
  const [clock] = await tx.$queryRaw<{ now: Date }[]>`select now() as now`
  const now = clock?.now ?? ctx.now()
  const environments = await tx.environment.findMany()
  const applications = await tx.application.findMany({ where: { id: { in: rows.flatMap(({ applicationId }) => applicationId ?? []) } } })
  const people = await peopleNames(
    tx,
    rows.flatMap(({ createdBy, liftedBy }) => [createdBy, liftedBy ?? '']),
  )
  const person = (id: string) => ({ id, name: people.get(id) ?? id })
  return rows.map((row) => {
    const environment = environments.find(({ id }) => id === row.environmentId)
    const application = applications.find(({ id }) => id === row.applicationId)
    const state = freezeState(row, now)
    const isOver = state === 'lifted' || state === 'ended'
    return {
      id: row.id,
      kind: row.kind as FreezeView['kind'],
      environment: environment ? { slug: environment.slug, name: environment.name } : null,
      application: application ? { slug: application.slug, name: application.name } : null,
      reason: row.reason,
      incident: row.incident,
      startsAt: row.startsAt.toISOString(),
      endsAt: row.endsAt?.toISOString() ?? null,
      createdBy: person(row.createdBy),
      createdAt: row.createdAt.toISOString(),
      liftedBy: row.liftedBy ? person(row.liftedBy) : null,
      liftedAt: row.liftedAt?.toISOString() ?? null,
      state,
      mayLift: isOver ? refused('conflict', 'It was lifted or has ended already.') : may(ctx.actor, 'freeze.set', { environment }),
    }
  })
}
