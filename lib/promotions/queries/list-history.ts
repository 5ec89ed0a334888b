import { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import { parsePlan } from '#lib/promotions/plan'
import type { HistoryEntry } from '#lib/promotions/promotion'
import { summarise } from '#lib/promotions/queries/list-promotions'
import { peopleNames } from '#lib/releases/queries/people-names'
import { findApplication } from '#lib/tenants/queries/find-application'
import { findEnvironment } from '#lib/tenants/queries/find-environment'

export const historyInput = z.strictObject({
  environment: z.string().max(100),
  application: z.string().max(100).optional(),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(50).default(25),
})

/** Everything that was decided about an environment, newest first, with who asked and whose approval it ran under. */
export async function listHistory(
  ctx: TenantContext,
  input: z.input<typeof historyInput>,
): Promise<{ items: HistoryEntry[]; total: number; page: number; pageSize: number }> {
  authorize(ctx.actor, 'tenant.read')
  const { environment: slug, application, page, pageSize } = historyInput.parse(input)
  return ctx.read(async (tx) => {
    const environment = await findEnvironment(tx, slug)
    const where = { environmentId: environment.id, ...(application ? { applicationId: (await findApplication(tx, application)).id } : {}) }
    const total = await tx.promotion.count({ where })
    const rows = await tx.promotion.findMany({
      where,
      orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
      skip: (page - 1) * pageSize,
      take: pageSize,
    })
    const approvals = await tx.approval.findMany({ where: { promotionId: { in: rows.map(({ id }) => id) }, consumedAt: { not: null } } })
    const people = await peopleNames(
      tx,
      approvals.map(({ approverId }) => approverId),
    )
    const items = (await summarise(tx, rows)).map((summary, index): HistoryEntry => {
      const { id, kind, state, release, digest, requestedBy, outcome, settledAt, requestedAt } = summary
      return {
        id,
        at: settledAt ?? requestedAt,
        kind,
        state,
        application: summary.application,
        release,
        digest,
        configRevision: parsePlan(rows[index]?.plan ?? '').config.revision,
        requestedBy,
        approvedBy: approvals
          .filter(({ promotionId }) => promotionId === id)
          .map(({ approverId }) => ({ id: approverId, name: people.get(approverId) ?? approverId })),
        outcome,
      }
    })
    return { items, total, page, pageSize }
  })
}
