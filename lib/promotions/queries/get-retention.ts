import { authorize, may } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { retentionFacts } from '#lib/promotions/internal/retention-facts'
import { judgeRetention, type RetentionView } from '#lib/promotions/retention'
import { findApplication } from '#lib/tenants/queries/find-application'

/** How many releases of an application are kept, and what would go by it now. */
export async function getRetention(ctx: TenantContext, input: { application: string }): Promise<RetentionView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => presentRetention(tx, ctx, await findApplication(tx, input.application)))
}

export async function presentRetention(tx: Tx, ctx: TenantContext, application: { id: string; slug: string }): Promise<RetentionView> {
  const rule = await tx.retentionRule.findUnique({ where: { applicationId: application.id } })
  return {
    application: application.slug,
    keep: rule?.keep ?? null,
    updatedAt: rule?.updatedAt.toISOString() ?? null,
    updatedBy: rule?.updatedBy ?? '',
    releases: judgeRetention(rule?.keep ?? null, await retentionFacts(tx, application.id)),
    maySet: may(ctx.actor, 'policy.edit'),
    mayPin: may(ctx.actor, 'retention.pin'),
  }
}
