import type { z } from 'zod'
import { authorize, may } from '#lib/access/authorize'
import { currentRevision } from '#lib/configuration/queries/current-revision'
import { findPlace, type Place } from '#lib/configuration/queries/find-place'
import type { listSecretsInput, PlannedSecret, SecretFacts, SecretsView, SecretView } from '#lib/configuration/secret'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { Prisma } from '#lib/platform/generated/client'
import { reading, type Reading } from '#lib/platform/together'

/** The secrets of an application in an environment: age, who, whether it changed since it was deployed. Never a value. */
export async function listSecrets(ctx: TenantContext, input: z.output<typeof listSecretsInput>): Promise<SecretsView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const place = await findPlace(tx, input)
    return { items: await presentSecrets(tx, place), write: may(ctx.actor, 'secret.write', { environment: place.environment }) }
  })
}

interface Row extends SecretFacts {
  createdAt: Date
  createdBy: string
}

/** The same inside a transaction: what was set, what was taken away, and what the newest revision refers to without a value. */
export async function presentSecrets(tx: Tx, { application, environment }: Place): Promise<SecretView[]> {
  const rows = await newestVersions(tx, environment.id, application.id)
  const { document } = await currentRevision(tx, environment.id, application.id)
  const usedBy = (name: string) =>
    Object.entries(document.connections)
      .filter(([, { secret }]) => secret === name)
      .map(([key]) => key)
  const deployment = await tx.deployment.findUnique({
    where: { environmentId_applicationId: { environmentId: environment.id, applicationId: application.id } },
    select: { secrets: true },
  })
  const deployed = deployment ? (JSON.parse(deployment.secrets) as PlannedSecret[]) : []
  const deployedRows = await tx.secretVersion.findMany({
    where: { id: { in: deployed.map(({ versionId }) => versionId) } },
    select: { id: true, number: true },
  })
  const people = await tx.user.findMany({ where: { id: { in: rows.map(({ createdBy }) => createdBy) } }, select: { id: true, name: true } })
  const views = rows.map((row): SecretView => {
    const runs = deployed.find(({ name }) => name === row.name)
    return {
      name: row.name,
      state: row.fingerprint === '' ? (usedBy(row.name).length > 0 ? 'missing' : 'unset') : 'set',
      version: row.number,
      changedAt: row.createdAt.toISOString(),
      changedBy: { id: row.createdBy, name: people.find(({ id }) => id === row.createdBy)?.name ?? row.createdBy },
      usedBy: usedBy(row.name),
      changedSinceDeployed: runs ? runs.versionId !== row.versionId : deployment && usedBy(row.name).length > 0 ? true : null,
      deployedVersion: deployedRows.find(({ id }) => id === runs?.versionId)?.number ?? null,
    }
  })
  const known = new Set(rows.map(({ name }) => name))
  const wanted = [...new Set(Object.values(document.connections).map(({ secret }) => secret))].filter((name) => !known.has(name))
  const missing = wanted.map((name): SecretView => ({
    name,
    state: 'missing',
    version: 0,
    changedAt: null,
    changedBy: null,
    usedBy: usedBy(name),
    changedSinceDeployed: null,
    deployedVersion: null,
  }))
  return [...views, ...missing].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

async function newestVersions(tx: Tx, environmentId: string, applicationId: string): Promise<Row[]> {
  return tx.$queryRaw<Row[]>`
    select distinct on (name) name, id as "versionId", number, fingerprint, created_at as "createdAt", created_by as "createdBy"
    from secret_version where environment_id = ${environmentId} and application_id = ${applicationId} order by name, number desc`
}

type SecretRow = SecretFacts & { applicationId: string; environmentId: string }

/** The newest version of each secret of these applications, in every environment. */
export function secretRows(applicationIds: string[]): Reading<SecretRow> {
  return reading<SecretRow>(Prisma.sql`
    select distinct on (environment_id, application_id, name)
      environment_id as "environmentId", application_id as "applicationId", name, id as "versionId", number, fingerprint
    from secret_version where application_id = any(${applicationIds}) order by environment_id, application_id, name, number desc`)
}

/** Version id → number, for those who name versions to people. */
export async function loadVersionNumbers(tx: Tx, secrets: readonly PlannedSecret[]): Promise<Map<string, number>> {
  const ids = secrets.map(({ versionId }) => versionId)
  if (ids.length === 0) return new Map()
  const rows = await tx.secretVersion.findMany({ where: { id: { in: ids } }, select: { id: true, number: true } })
  return new Map(rows.map(({ id, number }) => [id, number]))
}
