import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { findPlace } from '#lib/configuration/queries/find-place'
import type { PlannedSecret } from '#lib/configuration/secret'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { Application, Deployment, Environment, Replica } from '#lib/platform/generated/client'
import { Refusal } from '#lib/platform/refusal'
import { componentReadiness } from '#lib/readiness/component-readiness'
import type {
  deploymentInput,
  DeploymentView,
  environmentReadinessInput,
  EnvironmentReadiness,
  FailedDeploy,
  readinessInput,
  ReadinessView,
  ReplicaView,
} from '#lib/readiness/deployment'
import { loadFailedDeploys } from '#lib/readiness/internal/load-failed-deploys'
import { isStale, standingState, type DriftKind, type ReplicaReadiness } from '#lib/readiness/readiness'
import type { DesiredState } from '#lib/runtime/driver'

const gatewayHost = '127.0.0.1'

/** Everything that is promised to run, environment by environment, with what was observed of it. Filters that name nothing are `not_found`. */
export async function getReadiness(ctx: TenantContext, input: z.output<typeof readinessInput>): Promise<ReadinessView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const environments = await tx.environment.findMany({
      where: input.environment === undefined ? {} : { slug: input.environment },
      orderBy: [{ rank: 'asc' }, { slug: 'asc' }],
    })
    if (environments.length === 0 && input.environment !== undefined) throw noEnvironment(input.environment)
    const applications = await tx.application.findMany({
      where: input.application === undefined ? {} : { slug: input.application },
      orderBy: { slug: 'asc' },
    })
    if (applications.length === 0 && input.application !== undefined) {
      throw new Refusal('not_found', `There is no application ${input.application} that you can see.`)
    }
    return present(tx, environments, applications)
  })
}

/** Everything that is promised to run in an environment, with what was observed of it. */
export async function getEnvironmentReadiness(ctx: TenantContext, input: z.output<typeof environmentReadinessInput>): Promise<EnvironmentReadiness> {
  const { environments } = await getReadiness(ctx, input)
  const [found] = environments
  if (!found) throw noEnvironment(input.environment)
  return found
}

/** One application in one environment; `not_found` where nothing is promised. */
export async function getDeployment(ctx: TenantContext, input: z.output<typeof deploymentInput>): Promise<DeploymentView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const { application, environment } = await findPlace(tx, input)
    const { environments } = await present(
      tx,
      await tx.environment.findMany({ where: { id: environment.id } }),
      await tx.application.findMany({ where: { id: application.id } }),
    )
    const view = environments[0]?.deployments[0]
    if (view) return view
    throw new Refusal('not_found', `Nothing of ${application.slug} is deployed to ${environment.slug}.`, {
      fix: 'Deploy or promote a release first.',
    })
  })
}

function noEnvironment(slug: string): Refusal {
  return new Refusal('not_found', `There is no environment ${slug} that you can see.`)
}

interface Read {
  now: Date
  replicas: Replica[]
  ports: { environmentId: string; applicationId: string; port: number }[]
  releases: { id: string; name: string }[]
  revisions: { environmentId: string; applicationId: string; newest: number }[]
  secrets: { id: string; environmentId: string; applicationId: string; name: string; number: number; newest: number; isGone: boolean }[]
  rolling: Set<string>
  failed: Map<string, FailedDeploy>
}

/** The number of statements does not depend on how many there are. */
async function present(tx: Tx, environments: readonly Environment[], applications: readonly Application[]): Promise<ReadinessView> {
  const where = { environmentId: { in: environments.map(({ id }) => id) }, applicationId: { in: applications.map(({ id }) => id) } }
  const rows = await tx.deployment.findMany({ where })
  const [clock] = await tx.$queryRaw<{ now: Date }[]>`select clock_timestamp() as now`
  const rolling = await tx.promotion.findMany({ where: { ...where, state: 'rolling_out' }, select: { environmentId: true, applicationId: true } })
  const read: Read = {
    now: clock?.now ?? new Date(),
    replicas: await tx.replica.findMany({ where, orderBy: { id: 'asc' } }),
    ports: await tx.gatewayRoute.findMany({ where }),
    releases: await tx.release.findMany({ where: { id: { in: rows.map(({ releaseId }) => releaseId) } }, select: { id: true, name: true } }),
    revisions: await tx.$queryRaw<Read['revisions']>`
      select environment_id as "environmentId", application_id as "applicationId", max(number)::int as newest from config_revision
      where environment_id = any(${where.environmentId.in}) and application_id = any(${where.applicationId.in}) group by 1, 2`,
    secrets: await tx.$queryRaw<Read['secrets']>`
      select id, environment_id as "environmentId", application_id as "applicationId", name, number,
        max(number) over (partition by environment_id, application_id, name)::int as newest, fingerprint = '' as "isGone"
      from secret_version where environment_id = any(${where.environmentId.in}) and application_id = any(${where.applicationId.in})`,
    rolling: new Set(rolling.map(keyOf)),
    failed: await loadFailedDeploys(tx, where.environmentId.in, where.applicationId.in),
  }
  return {
    now: read.now.toISOString(),
    environments: environments.map((environment) => {
      const here = rows.filter(({ environmentId }) => environmentId === environment.id)
      const isPromised = (applicationId: string) => here.some((row) => row.applicationId === applicationId)
      const { slug, name, isProtected } = environment
      return {
        environment: { slug, name, isProtected },
        deployments: applications.flatMap((application) =>
          here.filter(({ applicationId }) => applicationId === application.id).map((row) => deploymentView(read, environment, application, row)),
        ),
        failedDeploys: applications.flatMap(({ id }) => (isPromised(id) ? [] : (read.failed.get(`${environment.id} ${id}`) ?? []))),
      }
    }),
  }
}

function keyOf({ environmentId, applicationId }: { environmentId: string; applicationId: string }): string {
  return `${environmentId} ${applicationId}`
}

function deploymentView(read: Read, environment: Environment, application: Application, row: Deployment): DeploymentView {
  const isHere = (one: { environmentId: string; applicationId: string }) => keyOf(one) === keyOf(row)
  const desired = JSON.parse(row.desired) as DesiredState
  const port = read.ports.find(isHere)?.port
  const isOld = isStale(row, read.now)
  const replicas = read.replicas.filter(isHere).map((one) => replicaView(one, isOld))
  return {
    application: { slug: application.slug, name: application.name },
    environment: { slug: environment.slug, name: environment.name, isProtected: environment.isProtected },
    promised: {
      promotionId: row.promotionId,
      release: read.releases.find(({ id }) => id === row.releaseId)?.name ?? '',
      components: desired.components.map(({ name, digest, replicas: count }) => ({ name, digest, replicas: count })),
      configRevision: row.configRevision,
      configHash: row.configHash,
      newestConfigRevision: Math.max(row.configRevision, read.revisions.find(isHere)?.newest ?? 0),
      secrets: promisedSecrets(read.secrets.filter(isHere), JSON.parse(row.secrets) as PlannedSecret[]),
      isStopped: row.isStopped,
      deployedAt: row.deployedAt.toISOString(),
    },
    ...standingState(row, read.now),
    readyReplicas: isOld ? 0 : row.readyReplicas,
    wantedReplicas: desired.components.reduce((sum, { replicas: count }) => sum + count, 0),
    isMixed: row.isMixed,
    readySince: isOld ? null : (row.readySince?.toISOString() ?? null),
    observedAt: row.observedAt?.toISOString() ?? null,
    staleAfterMs: row.staleAfterMs,
    address: port === undefined ? '' : `http://${gatewayHost}:${port}`,
    components: componentReadiness(desired.components, replicas, {
      isStopped: row.isStopped,
      isKnown: !isOld,
      isRollingOut: read.rolling.has(keyOf(row)),
    }),
    failedDeploy: read.failed.get(keyOf(row)) ?? null,
    replicas,
  }
}

function promisedSecrets(versions: Read['secrets'], promised: readonly PlannedSecret[]): DeploymentView['promised']['secrets'] {
  return promised.flatMap(({ name, versionId }) => {
    const version = versions.find(({ id }) => id === versionId)
    if (!version) return []
    const newest = versions.find((one) => one.name === name && one.number === version.newest)
    return [{ name, version: version.number, newest: newest && !newest.isGone ? newest.number : 0 }]
  })
}

/** What was seen too long ago is not said of a replica either; what it ran then still is. */
function replicaView(row: Replica, isOld: boolean): ReplicaView {
  return {
    id: row.id,
    component: row.component,
    digest: row.digest,
    configHash: row.configHash,
    state: isOld ? 'unknown' : (row.state as ReplicaReadiness),
    reason: isOld ? 'not_observed' : row.reason,
    drift: row.drift as DriftKind,
    driftDetail: row.driftDetail,
    since: row.since.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    observedAt: row.observedAt.toISOString(),
  }
}
