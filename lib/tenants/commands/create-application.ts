import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { actorId, type TenantContext } from '#lib/platform/context'
import { isUniqueViolation } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { announce } from '#lib/platform/live-event'
import { Refusal } from '#lib/platform/refusal'
import type { ApplicationView } from '#lib/tenants/application'
import { getApplication } from '#lib/tenants/queries/list-applications'

/** Makes an application with its components. Their specs are written by the first upload or by hand. `conflict` when the slug is taken. */
export async function createApplication(ctx: TenantContext, input: { slug: string; name: string; components: string[] }): Promise<ApplicationView> {
  authorize(ctx.actor, 'environment.manage')
  const id = newId()
  try {
    await ctx.write(async (tx) => {
      await tx.application.create({
        data: { id, tenantId: ctx.tenant.id, slug: input.slug, name: input.name, createdBy: actorId(ctx.actor) },
        select: { id: true },
      })
      await tx.component.createMany({
        data: input.components.map((name) => ({ id: newId(), tenantId: ctx.tenant.id, applicationId: id, name, spec: '{}' })),
      })
      await appendEntry(tx, ctx, { action: 'application.created', subject: { kind: 'application', id, name: input.slug }, after: { ...input } })
      await announce(tx, ctx.tenant.id, 'board', 'applications')
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'application_tenant_id_slug_key')) throw error
    throw new Refusal('conflict', `There is an application ${input.slug} already.`, {
      fix: 'Choose another slug, or upload to the one there is.',
      cause: error,
    })
  }
  return getApplication(ctx, { application: input.slug })
}
