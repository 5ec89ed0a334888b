import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { Prisma } from '#lib/platform/generated/client'
import { reading, readTogether, type Reading } from '#lib/platform/together'
import { listPromotionsInput, type PromotionPage, type PromotionSummary } from '#lib/promotions/promotion'

/** Promotions of the tenant, newest first, a page at a time. */
export async function listPromotions(ctx: TenantContext, input: z.input<typeof listPromotionsInput> = {}): Promise<PromotionPage> {
  authorize(ctx.actor, 'tenant.read')
  const { application, environment, state, kind, page, pageSize } = listPromotionsInput.parse(input)
  return ctx.read(async (tx) => {
    const where = {
      ...(state ? { state } : {}),
      ...(kind ? { kind } : {}),
      ...(application ? { applicationId: { in: await idsOf(tx.application.findMany({ where: { slug: application }, select: { id: true } })) } } : {}),
      ...(environment ? { environmentId: { in: await idsOf(tx.environment.findMany({ where: { slug: environment }, select: { id: true } })) } } : {}),
    }
    const total = await tx.promotion.count({ where })
    const rows = await tx.promotion.findMany({
      where,
      orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
      skip: (page - 1) * pageSize,
      take: pageSize,
    })
    return { items: await summarise(tx, rows), total, page, pageSize }
  })
}

async function idsOf(rows: Promise<{ id: string }[]>): Promise<string[]> {
  return (await rows).map(({ id }) => id)
}

/** Promotions as lists show them, in the order given. One statement, however many there are. */
export async function summarise(tx: Tx, rows: readonly { id: string }[]): Promise<PromotionSummary[]> {
  const { summaries } = await readTogether(tx, { summaries: summaryRows(rows.map(({ id }) => id)) })
  return summaries.map(summaryOf)
}

type SummaryRow = Omit<PromotionSummary, 'requestedAt' | 'settledAt'> & { requestedAt: Date; settledAt: Date | null }

/** The same as a reading beside others. */
export function summaryRows(ids: string[]): Reading<SummaryRow> {
  return reading<SummaryRow>(
    Prisma.sql`
      select p.id, p.kind, p.state, json_build_object('slug', a.slug, 'name', a.name) as application,
        json_build_object('slug', e.slug, 'name', e.name, 'isProtected', e.is_protected) as environment, coalesce(r.name, '') as release,
        coalesce((select c.digest from release_component c where c.release_id = p.release_id order by c.component limit 1), '') as digest,
        json_build_object('id', p.requested_by, 'name', coalesce((select u.name from "user" u where u.id = p.requested_by), p.requested_by)) as "requestedBy",
        p.requester_kind as "requesterKind", p.requested_at as "requestedAt", p.settled_at as "settledAt", p.outcome
      from unnest(${ids}::text[]) with ordinality as asked (id, nth)
      join promotion p on p.id = asked.id
      join application a on a.id = p.application_id
      join environment e on e.id = p.environment_id
      left join release r on r.id = p.release_id
      order by asked.nth`,
    'requestedAt',
    'settledAt',
  )
}

export function summaryOf({ requestedAt, settledAt, ...row }: SummaryRow): PromotionSummary {
  return { ...row, requestedAt: requestedAt.toISOString(), settledAt: settledAt?.toISOString() ?? null }
}
