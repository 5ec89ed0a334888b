import type { z } from 'zod'
import { authorize, may } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { Hold } from '#lib/platform/generated/client'
import { refused } from '#lib/platform/refusal'
import type { HoldView, listHoldsInput } from '#lib/promotions/hold'
import { peopleNames } from '#lib/releases/queries/people-names'
import { findApplication } from '#lib/tenants/queries/find-application'
import { findEnvironment } from '#lib/tenants/queries/find-environment'

/** Standing holds, and with `includePast` the lifted ones (200 at most), newest first. */
export async function listHolds(ctx: TenantContext, input: z.output<typeof listHoldsInput>): Promise<{ items: HoldView[] }> {
  authorize(ctx.actor, 'tenant.read')
  const { application, environment, includePast } = input
  return ctx.read(async (tx) => {
    const where = {
      ...(application === undefined ? {} : { applicationId: (await findApplication(tx, application)).id }),
      ...(environment === undefined ? {} : { environmentId: (await findEnvironment(tx, environment)).id }),
      ...(includePast ? {} : { liftedAt: null }),
    }
    return { items: await present(tx, ctx, await tx.hold.findMany({ where, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: 200 })) }
  })
}

export async function presentHold(tx: Tx, ctx: TenantContext, id: string): Promise<HoldView> {
  const [view] = await present(tx, ctx, [await tx.hold.findUniqueOrThrow({ where: { id } })])
  if (!view) throw new TypeError('a hold that was just read has no view')
  return view
}

async function present(tx: Tx, ctx: TenantContext, rows: Hold[]): Promise<HoldView[]> {
  const environments = await tx.environment.findMany({ where: { id: { in: rows.map(({ environmentId }) => environmentId) } } })
  const applications = await tx.application.findMany({ where: { id: { in: rows.map(({ applicationId }) => applicationId) } } })
  const people = await peopleNames(
    tx,
    rows.flatMap(({ createdBy, liftedBy }) => [createdBy, liftedBy ?? '']),
  )
  const person = (id: string) => ({ id, name: people.get(id) ?? id })
  return rows.map((row): HoldView => {
    const environment = environments.find(({ id }) => id === row.environmentId)
    const application = applications.find(({ id }) => id === row.applicationId)
    return {
      id: row.id,
      application: { slug: application?.slug ?? '', name: application?.name ?? '' },
      environment: { slug: environment?.slug ?? '', name: environment?.name ?? '' },
      reason: row.reason,
      promotionId: row.promotionId,
      setBy: person(row.createdBy),
      setAt: row.createdAt.toISOString(),
      liftedBy: row.liftedBy ? person(row.liftedBy) : null,
      liftedAt: row.liftedAt?.toISOString() ?? null,
      liftReason: row.liftReason,
      state: row.liftedAt ? 'lifted' : 'standing',
      mayLift: row.liftedAt ? refused('conflict', 'It was lifted already.') : may(ctx.actor, 'hold.set', { environment }),
    }
  })
}
