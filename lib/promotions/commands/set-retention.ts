import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { actorId, type TenantContext } from '#lib/platform/context'
import { announce } from '#lib/platform/live-event'
import { presentRetention } from '#lib/promotions/queries/get-retention'
import { setRetentionInput, type RetentionView } from '#lib/promotions/retention'
import { findApplication } from '#lib/tenants/queries/find-application'

/** Says how many of the newest releases of an application are kept. Answers what would go by it; nothing goes yet. */
export async function setRetention(ctx: TenantContext, input: z.input<typeof setRetentionInput>): Promise<RetentionView> {
  const { application: slug, keep } = setRetentionInput.parse(input)
  return ctx.write(async (tx) => {
    authorize(ctx.actor, 'policy.edit')
    const application = await findApplication(tx, slug)
    const before = await tx.retentionRule.findUnique({ where: { applicationId: application.id } })
    const change = { keep, updatedAt: ctx.now(), updatedBy: actorId(ctx.actor) }
    await tx.retentionRule.upsert({
      where: { applicationId: application.id },
      create: { applicationId: application.id, tenantId: ctx.tenant.id, ...change },
      update: change,
    })
    await appendEntry(tx, ctx, {
      action: 'retention.changed',
      subject: { kind: 'application', id: application.id, name: slug },
      ...(before ? { before: { keep: before.keep } } : {}),
      after: { keep },
    })
    await announce(tx, ctx.tenant.id, 'settings', slug)
    return presentRetention(tx, ctx, application)
  })
}
