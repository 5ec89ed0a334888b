import { authorize, may } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { Application } from '#lib/platform/generated/client'
import type { ApplicationView, ComponentView } from '#lib/tenants/application'
import { componentSpecSchema } from '#lib/tenants/component-spec'
import { findApplication, findComponent } from '#lib/tenants/queries/find-application'

/** The applications of the tenant by slug. */
export async function listApplications(ctx: TenantContext): Promise<{ items: ApplicationView[] }> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => ({ items: await present(tx, ctx, await tx.application.findMany({ orderBy: { slug: 'asc' } })) }))
}

export async function getApplication(ctx: TenantContext, input: { application: string }): Promise<ApplicationView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const [view] = await present(tx, ctx, [await findApplication(tx, input.application)])
    if (!view) throw new Error('an application has no view')
    return view
  })
}

/** The default spec of one component. */
export async function getComponentSpec(ctx: TenantContext, input: { application: string; component: string }): Promise<ComponentView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => viewOf(await findComponent(tx, await findApplication(tx, input.application), input.component)))
}

async function present(tx: Tx, ctx: TenantContext, rows: Application[]): Promise<ApplicationView[]> {
  const components = await tx.component.findMany({ where: { applicationId: { in: rows.map(({ id }) => id) } }, orderBy: { name: 'asc' } })
  return rows.map((row) => ({
    id: row.id,
    slug: row.slug,
    name: row.name,
    createdAt: row.createdAt.toISOString(),
    components: components.filter(({ applicationId }) => applicationId === row.id).map(viewOf),
    editSpec: may(ctx.actor, 'artifact.upload'),
  }))
}

function viewOf(row: { name: string; spec: string }): ComponentView {
  return { name: row.name, spec: componentSpecSchema.parse(JSON.parse(row.spec)), isWritten: row.spec !== '{}' }
}
