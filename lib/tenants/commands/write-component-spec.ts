import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { canonicalJson, digestOfJson } from '#lib/platform/canonical-json'
import type { TenantContext } from '#lib/platform/context'
import { announce } from '#lib/platform/live-event'
import type { ComponentView } from '#lib/tenants/application'
import { demand } from '#lib/platform/refusal'
import { mayDepend } from '#lib/tenants/component-graph'
import { componentSpecSchema, type ComponentSpec } from '#lib/tenants/component-spec'
import { findApplication, findComponent } from '#lib/tenants/queries/find-application'

/** The default spec from which the next upload of a component starts. Releases keep the one they were uploaded with. */
export async function writeComponentSpec(
  ctx: TenantContext,
  input: { application: string; component: string; spec: ComponentSpec },
): Promise<ComponentView> {
  authorize(ctx.actor, 'artifact.upload')
  return ctx.write(async (tx) => {
    const application = await findApplication(tx, input.application)
    const component = await findComponent(tx, application, input.component)
    // Two that write at once could close a circle that neither of them sees.
    await tx.$queryRaw`select id from application where id = ${application.id} for update`
    const others = await tx.component.findMany({ where: { applicationId: application.id, id: { not: component.id } } })
    const specs = others.map(({ name, spec }) => ({ name, dependsOn: componentSpecSchema.parse(JSON.parse(spec)).dependsOn }))
    demand(mayDepend([...specs, { name: component.name, dependsOn: input.spec.dependsOn }]))
    const text = canonicalJson(input.spec)
    if (text !== component.spec) {
      await tx.component.update({ where: { id: component.id }, data: { spec: text }, select: { id: true } })
      await appendEntry(tx, ctx, {
        action: 'component_spec.written',
        subject: { kind: 'component', id: component.id, name: `${application.slug}/${component.name}` },
        before: { digest: digestOfJson(JSON.parse(component.spec)) },
        after: { digest: digestOfJson(input.spec) },
      })
      await announce(tx, ctx.tenant.id, 'settings', application.slug)
    }
    return { name: component.name, spec: input.spec, isWritten: true }
  })
}
