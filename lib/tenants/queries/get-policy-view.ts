import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { EnvironmentPolicyView } from '#lib/tenants/environment-policy'
import { findEnvironment } from '#lib/tenants/queries/find-environment'
import { getPolicy } from '#lib/tenants/queries/get-policy'

/** The policy of an environment as it counts now. */
export async function getPolicyView(ctx: TenantContext, input: { environment: string }): Promise<EnvironmentPolicyView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const environment = await findEnvironment(tx, input.environment)
    const { version, document, createdAt, createdBy } = await getPolicy(tx, environment.id)
    return { environment: environment.slug, version, document, createdAt: createdAt?.toISOString() ?? '', createdBy }
  })
}
