// One reading of everything that plans and gates need. The number of statements does not depend on how much there is.
import { loadAllDefaults } from '#lib/configuration/queries/current-revision'
import { loadSecretFacts } from '#lib/configuration/queries/list-secrets'
import { loadKnownKeys } from '#lib/configuration/queries/load-schemas'
import { readRevision, unwrittenRevision } from '#lib/configuration/revision'
import type { PlannedSecret } from '#lib/configuration/secret'
import { loadEvidenceIndex } from '#lib/evidence/queries/load-evidence-index'
import { newestBackupAt } from '#lib/operations/queries/backup-facts'
import type { TenantRef } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { loadEnvironments } from '#lib/promotions/queries/load-environments'
import { loadReleases } from '#lib/promotions/queries/load-releases'
import { loadFreezes } from '#lib/promotions/queries/load-freezes'
import { loadUnsettled } from '#lib/promotions/queries/load-unsettled'
import { loadRuntimeFacts } from '#lib/runtime/queries/load-runtime-facts'
import type { ApplicationFacts, DeploymentFacts, HoldFacts, RevisionFacts, Situation, WaiverFacts } from '#lib/promotions/situation'

export interface SituationOptions {
  applicationIds: readonly string[]
  /** How many of the newest releases of each application to have, beside those that something refers to. */
  newestReleases?: number
  /** Releases to have by name. */
  releaseNames?: readonly string[]
}

/** The situation of a tenant with these applications, at the time of the database. */
export async function loadSituation(tx: Tx, tenant: TenantRef, options: SituationOptions): Promise<Situation> {
  const ids = [...options.applicationIds]
  const [clock] = await tx.$queryRaw<{ now: Date }[]>`select now() as now`
  const now = clock?.now ?? new Date()
  const environments = await loadEnvironments(tx, tenant.tier)
  const freezes = await loadFreezes(tx, now)
  const applications = await tx.$queryRaw<ApplicationRow[]>`
    select a.id, a.slug, a.name,
      (select count(*)::int from component c where c.application_id = a.id) as "componentCount",
      (select coalesce(max(sequence), 0)::int from release r where r.application_id = a.id) as "newestSequence"
    from application a where a.id = any(${ids}) order by a.slug`
  const deployments = await loadDeployments(tx, ids)
  const unsettled = await loadUnsettled(tx, ids)
  const referred = [...deployments, ...unsettled].map(({ releaseId }) => releaseId)
  const releases = await loadReleases(tx, ids, { ids: referred, names: [...(options.releaseNames ?? [])], newest: options.newestReleases ?? 0 })
  const revisions = await loadRevisions(tx, ids)
  const defaults = await loadAllDefaults(tx, [...ids, ...environments.map(({ id }) => id)])
  const secrets = await loadSecretFacts(tx, ids)
  const knownKeys = await loadKnownKeys(
    tx,
    releases.flatMap(({ components }) => components.map(({ configSchema }) => configSchema)),
  )
  const unwritten = (applicationId: string, environmentId: string) => {
    const [application, environment] = [defaults.get(applicationId), defaults.get(environmentId)]
    return unwrittenRevision({ ...(application ? { application } : {}), ...(environment ? { environment } : {}) })
  }
  const completed = await loadCompleted(tx, ids)
  const approved = await loadApproved(tx, ids)
  const waivers = await tx.$queryRaw<(WaiverFacts & { applicationId: string })[]>`
    select id, application_id as "applicationId", environment_id as "environmentId", gate, reason, granted_by as "grantedBy", ends_at as "endsAt"
    from waiver where application_id = any(${ids}) and revoked_at is null and ends_at > now() order by granted_at`
  const runtimes = await loadRuntimeFacts(tx)
  const holds = await tx.$queryRaw<(HoldFacts & { applicationId: string })[]>`
    select id, application_id as "applicationId", environment_id as "environmentId", reason, created_at as "createdAt"
    from hold where application_id = any(${ids}) and lifted_at is null`
  const asksForEvidence = environments.some(({ policy }) => (policy.document.gates.evidence?.mode ?? 'off') !== 'off')
  const releaseIds = releases.map(({ id }) => id)
  return {
    now,
    tenant: { id: tenant.id, slug: tenant.slug, tier: tenant.tier },
    backupAt: await newestBackupAt(tx),
    environments,
    freezes,
    runtimes,
    evidence: asksForEvidence ? await loadEvidenceIndex(tx, tenant, { applicationIds: ids, releaseIds, now }) : null,
    applications: applications.map((row): ApplicationFacts => ({
      ...row,
      releases: new Map(ofApplication(releases, row.id).map(({ applicationId: _application, ...release }) => [release.id, release])),
      deployments: new Map(ofApplication(deployments, row.id).map(({ applicationId: _application, ...facts }) => [facts.environmentId, facts])),
      revisions: new Map(
        environments.map(({ id }) => [
          id,
          revisions.find((one) => one.applicationId === row.id && one.environmentId === id)?.revision ?? unwritten(row.id, id),
        ]),
      ),
      secrets: Map.groupBy(ofApplication(secrets, row.id), ({ environmentId }) => environmentId),
      completed: completedMap(ofApplication(completed, row.id)),
      approved: approvedMap(ofApplication(approved, row.id)),
      waivers: ofApplication(waivers, row.id),
      holds: new Map(ofApplication(holds, row.id).map(({ applicationId: _application, ...facts }) => [facts.environmentId, facts])),
      unsettled: new Map(ofApplication(unsettled, row.id).map(({ applicationId: _application, ...facts }) => [facts.environmentId, facts])),
    })),
    knownKeys,
  }
}

function ofApplication<R extends { applicationId: string }>(rows: readonly R[], id: string): R[] {
  return rows.filter(({ applicationId }) => applicationId === id)
}

type ApplicationRow = Pick<ApplicationFacts, 'id' | 'slug' | 'name' | 'componentCount' | 'newestSequence'>
type Completed = { applicationId: string; environmentId: string; releaseId: string; at: Date }

function completedMap(rows: readonly Completed[]): Map<string, Map<string, Date>> {
  const map = new Map<string, Map<string, Date>>()
  for (const { environmentId, releaseId, at } of rows) {
    const inEnvironment = map.get(environmentId) ?? new Map<string, Date>()
    map.set(environmentId, inEnvironment.set(releaseId, at))
  }
  return map
}

type Approved = { applicationId: string; environmentId: string; releaseId: string; approverId: string; decidedAt: Date }

function approvedMap(rows: readonly Approved[]): ApplicationFacts['approved'] {
  const map: ApplicationFacts['approved'] = new Map()
  for (const { environmentId, releaseId, approverId, decidedAt } of rows) {
    const inEnvironment = map.get(environmentId) ?? new Map<string, { approverId: string; decidedAt: Date }[]>()
    map.set(environmentId, inEnvironment.set(releaseId, [...(inEnvironment.get(releaseId) ?? []), { approverId, decidedAt }]))
  }
  return map
}

async function loadDeployments(tx: Tx, ids: string[]): Promise<(DeploymentFacts & { applicationId: string })[]> {
  const rows = await tx.deployment.findMany({ where: { applicationId: { in: ids } }, omit: { id: true, tenantId: true, desired: true } })
  return rows.map((row) => ({ ...row, secrets: JSON.parse(row.secrets) as PlannedSecret[] }))
}

async function loadRevisions(tx: Tx, ids: string[]): Promise<{ applicationId: string; environmentId: string; revision: RevisionFacts }[]> {
  const rows = await tx.$queryRaw<(Parameters<typeof readRevision>[0] & { applicationId: string; environmentId: string })[]>`
    select distinct on (environment_id, application_id)
      application_id as "applicationId", environment_id as "environmentId", number, hash, document, own, layers, note
    from config_revision where application_id = any(${ids}) order by environment_id, application_id, number desc`
  return rows.map(({ applicationId, environmentId, ...row }) => ({ applicationId, environmentId, revision: readRevision(row) }))
}

/** A stop completes without anything running, so it proves nothing about a release. */
async function loadCompleted(tx: Tx, ids: string[]): Promise<Completed[]> {
  return tx.$queryRaw<Completed[]>`
    select application_id as "applicationId", environment_id as "environmentId", release_id as "releaseId", max(settled_at) as at
    from promotion where application_id = any(${ids}) and state = 'completed' and kind <> 'stop' and settled_at is not null
    group by 1, 2, 3`
}

/** Of those that brought the release in: what a rollback itself was approved with says nothing of the release. */
async function loadApproved(tx: Tx, ids: string[]): Promise<Approved[]> {
  return tx.$queryRaw<Approved[]>`
    select p.application_id as "applicationId", p.environment_id as "environmentId", p.release_id as "releaseId",
      a.approver_id as "approverId", max(a.decided_at) as "decidedAt"
    from promotion p join approval a on a.promotion_id = p.id
    where p.application_id = any(${ids}) and p.state = 'completed' and p.kind in ('promote', 'deploy') and a.consumed_at is not null
    group by 1, 2, 3, 4 order by 5`
}
