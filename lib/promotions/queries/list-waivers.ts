import type { z } from 'zod'
import { authorize, may } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { Waiver } from '#lib/platform/generated/client'
import { refused } from '#lib/platform/refusal'
import { waiverState, type listWaiversInput, type WaiverView } from '#lib/promotions/waiver'
import { peopleNames } from '#lib/releases/queries/people-names'

/** Standing waivers, and with `includePast` the ended and revoked ones (the newest 200), newest first. */
export async function listWaivers(ctx: TenantContext, input: z.output<typeof listWaiversInput>): Promise<{ items: WaiverView[] }> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const rows = await tx.waiver.findMany({ ...(input.includePast ? {} : { where: { revokedAt: null } }), orderBy: { grantedAt: 'desc' }, take: 200 })
    const items = (await present(tx, ctx, rows)).filter(
      ({ state, application, environment }) =>
        (input.includePast || state === 'standing') &&
        (input.application === undefined || application.slug === input.application) &&
        (input.environment === undefined || environment.slug === input.environment),
    )
    return { items }
  })
}

export async function presentWaiver(tx: Tx, ctx: TenantContext, id: string): Promise<WaiverView> {
  const [view] = await present(tx, ctx, [await tx.waiver.findUniqueOrThrow({ where: { id } })])
  if (!view) throw new TypeError('a waiver that was just read has no view')
  return view
}

async function present(tx: Tx, ctx: TenantContext, rows: Waiver[]): Promise<WaiverView[]> {
  const [clock] = await tx.$queryRaw<{ now: Date }[]>`select now() as now`
  const now = clock?.now ?? ctx.now()
  const environments = await tx.environment.findMany()
  const applications = await tx.application.findMany({ where: { id: { in: rows.map(({ applicationId }) => applicationId) } } })
  const people = await peopleNames(
    tx,
    rows.flatMap(({ grantedBy, revokedBy }) => [grantedBy, revokedBy ?? '']),
  )
  const person = (id: string) => ({ id, name: people.get(id) ?? id })
  return rows.map((row) => {
    const environment = environments.find(({ id }) => id === row.environmentId)
    const application = applications.find(({ id }) => id === row.applicationId)
    const state = waiverState(row, now)
    return {
      id: row.id,
      gate: row.gate,
      application: { slug: application?.slug ?? '', name: application?.name ?? '' },
      environment: { slug: environment?.slug ?? '', name: environment?.name ?? '' },
      reason: row.reason,
      grantedBy: person(row.grantedBy),
      grantedAt: row.grantedAt.toISOString(),
      endsAt: row.endsAt.toISOString(),
      revokedBy: row.revokedBy ? person(row.revokedBy) : null,
      revokedAt: row.revokedAt?.toISOString() ?? null,
      state,
      mayRevoke: state === 'standing' ? may(ctx.actor, 'waiver.grant', { environment }) : refused('conflict', 'It was revoked or has ended already.'),
    }
  })
}
