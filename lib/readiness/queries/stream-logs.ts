import { authorize } from '#lib/access/authorize'
import { findPlace } from '#lib/configuration/queries/find-place'
import type { TenantContext } from '#lib/platform/context'
import { Refusal } from '#lib/platform/refusal'
import type { ReplicaLogsInput } from '#lib/readiness/deployment'
import type { DesiredState, RuntimeDriver } from '#lib/runtime/driver'

/**
 * What a replica wrote, oldest first; with `follow` until the signal aborts. `not_found` before the first byte for a
 * replica that this application never had here, by the runtime's own account as well: a foreign id is an unknown one.
 */
export async function streamLogs(
  ctx: TenantContext,
  driverFor: (runtimeKind: string) => RuntimeDriver,
  input: ReplicaLogsInput,
  signal: AbortSignal,
): Promise<AsyncIterable<string>> {
  authorize(ctx.actor, 'tenant.read')
  const { target, runtimeKind, isKnown } = await ctx.read(async (tx) => {
    const { application, environment } = await findPlace(tx, input)
    const scope = { environmentId: environment.id, applicationId: application.id }
    const row = await tx.environment.findUniqueOrThrow({ where: { id: environment.id }, select: { runtimeKind: true } })
    // One that ended has no row any more, and its log is what tells why: the steps of the rollouts remember it.
    const [known] = await tx.$queryRaw<object[]>`
      select 1 from replica where id = ${input.replica} and environment_id = ${scope.environmentId} and application_id = ${scope.applicationId}
      union all
      select 1 from rollout_step s join rollout r on r.id = s.rollout_id join promotion p on p.id = r.promotion_id
      where s.replica_id = ${input.replica} and p.environment_id = ${scope.environmentId} and p.application_id = ${scope.applicationId} limit 1`
    const { id: tenantId, slug: tenant } = ctx.tenant
    const place: DesiredState['target'] = { tenantId, tenant, ...scope, environment: environment.slug, application: application.slug }
    return { target: place, runtimeKind: row.runtimeKind, isKnown: known !== undefined }
  })
  const driver = driverFor(runtimeKind)
  if (!isKnown && !(await driver.observe(target)).some(({ replicaId }) => replicaId === input.replica)) {
    throw new Refusal('not_found', `There is no replica ${input.replica} of ${input.application} in ${input.environment}.`, {
      fix: 'List the replicas of the deployment.',
    })
  }
  return driver.logs(target, input.replica, { follow: input.follow, signal, ...(input.tail === undefined ? {} : { tailLines: input.tail }) })
}
