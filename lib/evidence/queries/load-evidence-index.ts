// One reading of everything that checklists are judged from. The number of statements does not depend on how much there is.
import { configHash, defaultConfig } from '#lib/configuration/config-document'
import type {
  EvidenceFacts,
  EvidenceIndex,
  ItemWaiver,
  OverlayFacts,
  ReleaseApprovalContent,
  ReleaseApprovalFacts,
  RunningFacts,
  SecretFacts,
  SignOffFacts,
} from '#lib/evidence/facts'
import { checkDetached, openOwnEnvelope } from '#lib/evidence/internal/signing-key'
import { readStatement } from '#lib/evidence/sign-off-proof'
import { sha256Hex } from '#lib/platform/canonical-json'
import type { Tx } from '#lib/platform/database'
import type { ReleaseApproval } from '#lib/platform/generated/client'
import type { DesiredState } from '#lib/runtime/driver'

export interface IndexOptions {
  applicationIds: readonly string[]
  /** Evidence of these releases, and of what is wider than a release. */
  releaseIds: readonly string[]
  /** The database's clock, where the caller has asked it already. */
  now?: Date
}

export async function loadEvidenceIndex(tx: Tx, tenant: { id: string; slug: string }, options: IndexOptions): Promise<EvidenceIndex> {
  const applicationIds = [...options.applicationIds]
  const releaseIds = [...options.releaseIds]
  const now = options.now ?? (await tx.$queryRaw<{ now: Date }[]>`select now() as now`)[0]?.now ?? new Date()
  const where = { applicationId: { in: applicationIds }, releaseId: { in: releaseIds } }
  const distinct = ['environmentId', 'applicationId', 'releaseId'] as const
  const approvals = await tx.releaseApproval.findMany({ where, distinct: [...distinct], orderBy: { approvedAt: 'desc' } })
  const signOffs = await tx.signOff.findMany({ where, distinct: [...distinct], orderBy: { signedAt: 'desc' }, omit: { tenantId: true } })
  const signedIds = signOffs.map(({ releaseId }) => releaseId)
  const components = await tx.releaseComponent.findMany({ where: { releaseId: { in: signedIds } }, select: { releaseId: true, digest: true } })
  const digestsOf = (releaseId: string) => components.filter((one) => one.releaseId === releaseId).map(({ digest }) => digest)
  return {
    now,
    tenant,
    rows: await loadRows(tx, applicationIds, releaseIds),
    approvals: approvals.flatMap((row) => readApproval(tenant.id, row)),
    signOffs: signOffs.map((row) => ({ ...row, isGenuine: isGenuine(tenant.id, row, digestsOf(row.releaseId)) })),
    waivers: await tx.$queryRaw<ItemWaiver[]>`
      select id, environment_id as "environmentId", application_id as "applicationId", gate, reason, granted_by as "grantedBy", ends_at as "endsAt"
      from waiver where application_id = any(${applicationIds}) and gate like 'evidence:%' and revoked_at is null and ends_at > now() order by granted_at`,
    running: await loadRunning(tx, applicationIds),
    secrets: await loadSecrets(tx, applicationIds),
    overlays: await loadOverlays(tx, applicationIds),
  }
}

/** The newest row of each control and part in each scope. */
async function loadRows(tx: Tx, applicationIds: string[], releaseIds: string[]): Promise<EvidenceFacts[]> {
  const rows = await tx.$queryRaw<(Omit<EvidenceFacts, 'sizeBytes'> & { sizeBytes: bigint })[]>`
    select distinct on (environment_id, application_id, release_id, control, part)
      id, environment_id as "environmentId", application_id as "applicationId", release_id as "releaseId", digests, control, part, outcome, origin,
      summary, facts, content_digest as "contentDigest",
      case when content = '' and referrer_digest <> '' then '' else 'sha256:' || encode(sha256(convert_to(content, 'UTF8')), 'hex') end as "storedDigest",
      media_type as "mediaType", size_bytes as "sizeBytes", file_name as "fileName", repository, referrer_digest as "referrerDigest",
      promotion_id as "promotionId", observed_at as "observedAt", recorded_at as "recordedAt", recorded_by as "recordedBy"
    from evidence
    where (application_id is null or application_id = any(${applicationIds})) and (release_id is null or release_id = any(${releaseIds}))
    order by environment_id, application_id, release_id, control, part, recorded_at desc, id desc`
  return rows.map((row) => ({ ...row, sizeBytes: Number(row.sizeBytes) }))
}

function readApproval(tenantId: string, row: ReleaseApproval): ReleaseApprovalFacts[] {
  try {
    const content = JSON.parse(row.content) as ReleaseApprovalContent & {
      id: string
      environmentId: string
      applicationId: string
      releaseId: string
    }
    const isGenuine =
      checkDetached(tenantId, row.content, row.keyId, row.signature) &&
      content.id === row.id &&
      content.environmentId === row.environmentId &&
      content.applicationId === row.applicationId &&
      content.releaseId === row.releaseId &&
      content.promotionId === row.promotionId &&
      content.approvedAt === row.approvedAt.toISOString() &&
      content.expiresAt === row.expiresAt.toISOString()
    const { id, environmentId, applicationId, releaseId } = row
    return [{ ...content, id, environmentId, applicationId, releaseId, isGenuine }]
  } catch {
    return []
  }
}

/** The tenant's key signed the statement, and everything beside it says the same. */
function isGenuine(tenantId: string, row: Omit<SignOffFacts, 'isGenuine'>, digests: readonly string[]): boolean {
  const text = openOwnEnvelope(tenantId, row.envelope)
  const said = text === undefined ? undefined : readStatement(text)
  if (!said || text !== row.statement) return false
  const { predicate, subjects } = said
  return (
    predicate.checklistDigest === row.checklistDigest &&
    `sha256:${sha256Hex(row.content)}` === row.checklistDigest &&
    predicate.meaning === row.meaning &&
    predicate.comment === row.comment &&
    predicate.signer.id === row.signedBy &&
    JSON.stringify(subjects.toSorted()) === JSON.stringify(digests.toSorted())
  )
}

async function loadRunning(tx: Tx, applicationIds: string[]): Promise<RunningFacts[]> {
  const where = { applicationId: { in: applicationIds } }
  const deployments = await tx.deployment.findMany({ where })
  const replicas = await tx.replica.findMany({ where, orderBy: { id: 'asc' } })
  return deployments.map((row) => ({
    environmentId: row.environmentId,
    applicationId: row.applicationId,
    releaseId: row.releaseId,
    configHash: row.configHash,
    isStopped: row.isStopped,
    observedAt: row.observedAt,
    components: (JSON.parse(row.desired) as DesiredState).components.map(({ name, digest, replicas: count }) => ({ name, digest, replicas: count })),
    replicas: replicas
      .filter((one) => one.environmentId === row.environmentId && one.applicationId === row.applicationId)
      .map(({ component, digest, configHash: hash, state, reason }) => ({ component, digest, configHash: hash, state, reason })),
  }))
}

/** Where the values of secrets are; nobody reads them there. */
const secretLocation = 'Caisson: AES-256-GCM under the data key of the tenant'

/**
 * Every secret that has a value, and every one that a connection of the newest revision refers to. One without a value has neither
 * place nor owner.
 */
async function loadSecrets(tx: Tx, applicationIds: string[]): Promise<SecretFacts[]> {
  const rows = await tx.$queryRaw<{ environmentId: string; applicationId: string; name: string; fingerprint: string | null; owner: string | null }[]>`
    with kept as (
      select distinct on (environment_id, application_id, name) environment_id, application_id, name, fingerprint, created_by
      from secret_version where application_id = any(${applicationIds}) order by environment_id, application_id, name, number desc
    ), newest as (
      select distinct on (environment_id, application_id) environment_id, application_id, document
      from config_revision where application_id = any(${applicationIds}) order by environment_id, application_id, number desc
    ), wanted as (
      select distinct n.environment_id, n.application_id, c.value ->> 'secret' as name
      from newest n cross join lateral jsonb_each(coalesce(n.document::jsonb -> 'connections', '{}')) c
    )
    select coalesce(k.environment_id, w.environment_id) as "environmentId", coalesce(k.application_id, w.application_id) as "applicationId",
      coalesce(k.name, w.name) as name, k.fingerprint, k.created_by as owner
    from kept k full join wanted w using (environment_id, application_id, name)
    where w.name is not null or k.fingerprint <> ''`
  return rows.map(({ fingerprint, owner, ...place }) =>
    fingerprint ? { ...place, location: secretLocation, owner: owner ?? '' } : { ...place, location: '', owner: '' },
  )
}

/** The newest revision of every place of these applications, by what its text hashes to now; 0 with the defaults where none was ever written. */
async function loadOverlays(tx: Tx, applicationIds: string[]): Promise<OverlayFacts[]> {
  return tx.$queryRaw<OverlayFacts[]>`
    select e.id as "environmentId", a.id as "applicationId", coalesce(c.number, 0)::int as revision, coalesce('sha256:' || encode(sha256(convert_to(c.document, 'UTF8')), 'hex'), ${configHash(defaultConfig)}) as hash
    from environment e cross join application a
    left join lateral (
      select number, document from config_revision where environment_id = e.id and application_id = a.id order by number desc limit 1
    ) c on true
    where a.id = any(${applicationIds})`
}
