// One reading of everything that plans and gates need, by one statement however much there is; evidence, where somebody asks for it,
// by more.
import { defaultRowsWith, defaultsOf } from '#lib/configuration/queries/current-revision'
import { secretRows } from '#lib/configuration/queries/list-secrets'
import { loadKnownKeys } from '#lib/configuration/queries/load-schemas'
import { readRevision, unwrittenRevision } from '#lib/configuration/revision'
import type { PlannedSecret } from '#lib/configuration/secret'
import { loadEvidenceIndex } from '#lib/evidence/queries/load-evidence-index'
import { newestBackup } from '#lib/operations/queries/backup-facts'
import type { TenantRef } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { Prisma } from '#lib/platform/generated/client'
import { reading, readTogether, type Reading } from '#lib/platform/together'
import { environmentRows, environmentsOf } from '#lib/promotions/queries/load-environments'
import { freezeRows, freezesOf } from '#lib/promotions/queries/load-freezes'
import { releaseRows, releasesOf } from '#lib/promotions/queries/load-releases'
import { standingApprovals, unsettledOf, unsettledRows } from '#lib/promotions/queries/load-unsettled'
import type { ApplicationFacts, DeploymentFacts, HoldFacts, Situation, WaiverFacts } from '#lib/promotions/situation'
import { runtimeRows, runtimesOf } from '#lib/runtime/queries/load-runtime-facts'

export interface SituationOptions {
  applicationIds: readonly string[]
  /** How many of the newest releases of each application to have, beside those that something refers to. */
  newestReleases?: number
  /** Releases to have by name. */
  releaseNames?: readonly string[]
  /** The only environment that is judged; any of them, when absent. */
  judgedEnvironmentId?: string
}

/** The situation of a tenant with these applications, at the time of the database. */
export async function loadSituation(tx: Tx, tenant: TenantRef, options: SituationOptions): Promise<Situation> {
  const ids = [...options.applicationIds]
  const rows = await readTogether(tx, {
    clock: reading<{ now: Date }>(Prisma.sql`select now() as now`, 'now'),
    environments: environmentRows,
    freezes: freezeRows,
    applications: applicationRows(ids),
    deployments: deploymentRows(ids),
    unsettled: unsettledRows(ids),
    approvals: standingApprovals(ids),
    releases: releaseRows(ids, { names: options.releaseNames ?? [], newest: options.newestReleases ?? 0 }),
    revisions: revisionRows(ids),
    defaults: defaultRowsWith(ids),
    secrets: secretRows(ids),
    completed: completedRows(ids),
    approved: approvedRows(ids),
    waivers: waiverRows(ids),
    runtimes: runtimeRows,
    holds: holdRows(ids),
    backup: newestBackup,
  })
  const now = rows.clock[0]?.now ?? new Date()
  const environments = environmentsOf(rows.environments, tenant.tier)
  const releases = releasesOf(rows.releases)
  const unsettled = unsettledOf(rows.unsettled, rows.approvals)
  const deployments = rows.deployments.map((row) => ({ ...row, secrets: JSON.parse(row.secrets) as PlannedSecret[] }))
  const defaults = defaultsOf(rows.defaults)
  const unwritten = (applicationId: string, environmentId: string) => {
    const [application, environment] = [defaults.get(applicationId), defaults.get(environmentId)]
    return unwrittenRevision({ ...(application ? { application } : {}), ...(environment ? { environment } : {}) })
  }
  const revisionOf = (applicationId: string, environmentId: string) => {
    const row = rows.revisions.find((one) => one.applicationId === applicationId && one.environmentId === environmentId)
    return row ? readRevision(row) : unwritten(applicationId, environmentId)
  }
  const schemas = releases.flatMap(({ components }) => components.map(({ configSchema }) => configSchema))
  const judged = environments.filter(({ id }) => id === (options.judgedEnvironmentId ?? id))
  const asksForEvidence = judged.some(({ policy }) => (policy.document.gates.evidence?.mode ?? 'off') !== 'off')
  const releaseIds = releases.map(({ id }) => id)
  return {
    now,
    tenant: { id: tenant.id, slug: tenant.slug, tier: tenant.tier },
    backupAt: rows.backup[0]?.at ?? null,
    environments,
    freezes: freezesOf(rows.freezes, now),
    runtimes: runtimesOf(rows.runtimes),
    evidence: asksForEvidence ? await loadEvidenceIndex(tx, tenant, { applicationIds: ids, releaseIds, now }) : null,
    applications: rows.applications.map((row): ApplicationFacts => ({
      ...row,
      releases: new Map(ofApplication(releases, row.id).map(({ applicationId: _application, ...release }) => [release.id, release])),
      deployments: new Map(ofApplication(deployments, row.id).map(({ applicationId: _application, ...facts }) => [facts.environmentId, facts])),
      revisions: new Map(environments.map(({ id }) => [id, revisionOf(row.id, id)])),
      secrets: Map.groupBy(ofApplication(rows.secrets, row.id), ({ environmentId }) => environmentId),
      completed: completedMap(ofApplication(rows.completed, row.id)),
      approved: approvedMap(ofApplication(rows.approved, row.id)),
      waivers: ofApplication(rows.waivers, row.id),
      holds: new Map(ofApplication(rows.holds, row.id).map(({ applicationId: _application, ...facts }) => [facts.environmentId, facts])),
      unsettled: new Map(ofApplication(unsettled, row.id).map(({ applicationId: _application, ...facts }) => [facts.environmentId, facts])),
    })),
    knownKeys: await loadKnownKeys(tx, schemas),
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

function applicationRows(ids: string[]): Reading<ApplicationRow> {
  return reading<ApplicationRow>(Prisma.sql`
    select a.id, a.slug, a.name,
      (select count(*)::int from component c where c.application_id = a.id) as "componentCount",
      (select coalesce(max(sequence), 0)::int from release r where r.application_id = a.id) as "newestSequence"
    from application a where a.id = any(${ids}) order by a.slug`)
}

type DeploymentRow = Omit<DeploymentFacts, 'secrets'> & { applicationId: string; secrets: string }

function deploymentRows(ids: string[]): Reading<DeploymentRow> {
  return reading<DeploymentRow>(
    Prisma.sql`
      select application_id as "applicationId", environment_id as "environmentId", promotion_id as "promotionId", release_id as "releaseId",
        config_revision as "configRevision", config_hash as "configHash", secrets, replicas, ready_replicas as "readyReplicas",
        is_stopped as "isStopped", is_mixed as "isMixed", state, state_reason as "stateReason", observed_at as "observedAt",
        ready_since as "readySince", stale_after_ms as "staleAfterMs", deployed_at as "deployedAt"
      from deployment where application_id = any(${ids})`,
    'observedAt',
    'readySince',
    'deployedAt',
  )
}

type RevisionRow = Parameters<typeof readRevision>[0] & { applicationId: string; environmentId: string }

function revisionRows(ids: string[]): Reading<RevisionRow> {
  return reading<RevisionRow>(Prisma.sql`
    select distinct on (environment_id, application_id)
      application_id as "applicationId", environment_id as "environmentId", number, hash, document, own, layers, note
    from config_revision where application_id = any(${ids}) order by environment_id, application_id, number desc`)
}

/** A stop completes without anything running, so it proves nothing about a release. */
function completedRows(ids: string[]): Reading<Completed> {
  return reading<Completed>(
    Prisma.sql`
      select application_id as "applicationId", environment_id as "environmentId", release_id as "releaseId", max(settled_at) as at
      from promotion where application_id = any(${ids}) and state = 'completed' and kind <> 'stop' and settled_at is not null
      group by 1, 2, 3`,
    'at',
  )
}

/** Of those that brought the release in: what a rollback itself was approved with says nothing of the release. */
function approvedRows(ids: string[]): Reading<Approved> {
  return reading<Approved>(
    Prisma.sql`
      select p.application_id as "applicationId", p.environment_id as "environmentId", p.release_id as "releaseId",
        a.approver_id as "approverId", max(a.decided_at) as "decidedAt"
      from promotion p join approval a on a.promotion_id = p.id
      where p.application_id = any(${ids}) and p.state = 'completed' and p.kind in ('promote', 'deploy') and a.consumed_at is not null
      group by 1, 2, 3, 4 order by 5`,
    'decidedAt',
  )
}

type WaiverRow = WaiverFacts & { applicationId: string }

/** Standing ones. */
function waiverRows(ids: string[]): Reading<WaiverRow> {
  return reading<WaiverRow>(
    Prisma.sql`
      select id, application_id as "applicationId", environment_id as "environmentId", gate, reason, granted_by as "grantedBy", ends_at as "endsAt"
      from waiver where application_id = any(${ids}) and revoked_at is null and ends_at > now() order by granted_at`,
    'endsAt',
  )
}

type HoldRow = HoldFacts & { applicationId: string }

function holdRows(ids: string[]): Reading<HoldRow> {
  return reading<HoldRow>(
    Prisma.sql`
      select id, application_id as "applicationId", environment_id as "environmentId", reason, created_at as "createdAt"
      from hold where application_id = any(${ids}) and lifted_at is null`,
    'createdAt',
  )
}
