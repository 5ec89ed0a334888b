import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { Deployment } from '#lib/platform/generated/client'
import { Refusal } from '#lib/platform/refusal'
import { findPlace } from '#lib/configuration/queries/find-place'
import type { deploymentInput, DeploymentView, environmentReadinessInput, EnvironmentReadiness, ReplicaView } from '#lib/readiness/deployment'
import { driftOf, type DeploymentState, type ReplicaReadiness } from '#lib/readiness/readiness'
import type { DesiredState } from '#lib/runtime/driver'

const gatewayHost = '127.0.0.1'

/** Everything that is promised to run in an environment, with what was observed of it. */
export async function getEnvironmentReadiness(ctx: TenantContext, input: z.output<typeof environmentReadinessInput>): Promise<EnvironmentReadiness> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const environment = await tx.environment.findFirst({
      where: { slug: input.environment },
      select: { id: true, slug: true, name: true, isProtected: true },
    })
    if (!environment) throw new Refusal('not_found', `There is no environment ${input.environment} that you can see.`)
    const rows = await tx.deployment.findMany({ where: { environmentId: environment.id } })
    const { id: _id, ...shown } = environment
    return { environment: shown, deployments: await present(tx, rows) }
  })
}

/** One application in one environment; `not_found` where nothing is promised. */
export async function getDeployment(ctx: TenantContext, input: z.output<typeof deploymentInput>): Promise<DeploymentView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const { application, environment } = await findPlace(tx, input)
    const row = await tx.deployment.findFirst({ where: { environmentId: environment.id, applicationId: application.id } })
    const [view] = row ? await present(tx, [row]) : []
    if (view) return view
    throw new Refusal('not_found', `Nothing of ${application.slug} is deployed to ${environment.slug}.`, {
      fix: 'Deploy or promote a release first.',
    })
  })
}

/** The number of statements does not depend on how many there are. */
async function present(tx: Tx, rows: readonly Deployment[]): Promise<DeploymentView[]> {
  const environmentId = { in: [...new Set(rows.map((row) => row.environmentId))] }
  const applicationId = { in: rows.map((row) => row.applicationId) }
  const environments = await tx.environment.findMany({ where: { id: environmentId } })
  const applications = await tx.application.findMany({ where: { id: applicationId }, orderBy: { slug: 'asc' } })
  const releases = await tx.release.findMany({ where: { id: { in: rows.map(({ releaseId }) => releaseId) } }, select: { id: true, name: true } })
  const replicas = await tx.replica.findMany({ where: { environmentId, applicationId }, orderBy: { id: 'asc' } })
  const routes = await tx.gatewayRoute.findMany({ where: { environmentId, applicationId } })
  return applications.flatMap((application) =>
    rows
      .filter((row) => row.applicationId === application.id)
      .flatMap((row) => {
        const environment = environments.find(({ id }) => id === row.environmentId)
        if (!environment) return []
        const isHere = (one: { environmentId: string; applicationId: string }) =>
          one.environmentId === row.environmentId && one.applicationId === row.applicationId
        const desired = JSON.parse(row.desired) as DesiredState
        const port = routes.find(isHere)?.port
        return [
          {
            application: { slug: application.slug, name: application.name },
            environment: { slug: environment.slug, name: environment.name, isProtected: environment.isProtected },
            promised: {
              promotionId: row.promotionId,
              release: releases.find(({ id }) => id === row.releaseId)?.name ?? '',
              components: desired.components.map(({ name, digest, replicas: count }) => ({ name, digest, replicas: count })),
              configRevision: row.configRevision,
              configHash: row.configHash,
              isStopped: row.isStopped,
              deployedAt: row.deployedAt.toISOString(),
            },
            state: row.state as DeploymentState,
            reason: row.stateReason,
            readyReplicas: row.readyReplicas,
            wantedReplicas: desired.components.reduce((sum, { replicas: count }) => sum + count, 0),
            isMixed: row.isMixed,
            readySince: row.readySince?.toISOString() ?? null,
            observedAt: row.observedAt?.toISOString() ?? null,
            address: port === undefined ? '' : `http://${gatewayHost}:${port}`,
            replicas: replicas.filter(isHere).map((one): ReplicaView => {
              const state = one.state as ReplicaReadiness
              const promised = { configHash: desired.configHash, components: desired.components, isStopped: row.isStopped }
              return {
                id: one.id,
                component: one.component,
                digest: one.digest,
                configHash: one.configHash,
                state,
                reason: one.reason,
                drift: driftOf(promised, { ...one, state }),
                since: one.since.toISOString(),
                startedAt: one.startedAt?.toISOString() ?? null,
                observedAt: one.observedAt.toISOString(),
              }
            }),
          },
        ]
      }),
  )
}
