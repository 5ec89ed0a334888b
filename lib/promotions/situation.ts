// Everything that plans, gates and views are computed from, read once and at one moment. Pure data: whoever loads it for
// fifty applications makes as many statements as for one.
import { closedTimeAt, opensAt as openAfter, type FreezeRule } from '#lib/promotions/closed-times'
import type { CheckedComponent } from '#lib/configuration/check-config'
import type { KnownKeys } from '#lib/configuration/known-keys'
import type { Revision } from '#lib/configuration/revision'
import type { PlannedSecret, SecretFacts } from '#lib/configuration/secret'
import type { EvidenceIndex } from '#lib/evidence/facts'
import type { PromotionKind } from '#lib/promotions/promotion-kind'
import type { PromotionState } from '#lib/promotions/promotion-state'
import type { ComponentSpec } from '#lib/tenants/component-spec'
import type { RuntimeFacts } from '#lib/runtime/runtime-facts'
import type { EnvironmentPolicyDocument } from '#lib/tenants/environment-policy'

export interface Situation {
  /** The database's clock. */
  now: Date
  tenant: { id: string; slug: string; tier: string }
  /** When the newest completed backup that holds the tenant was made; null where there is none. */
  backupAt: Date | null
  /** By rank. */
  environments: EnvironmentFacts[]
  /** Planned and closed ones; neither lifted nor ended. */
  freezes: FreezeFacts[]
  applications: ApplicationFacts[]
  /** What a worker last saw of each kind of runtime; none of it where no worker told. */
  runtimes: ReadonlyMap<string, RuntimeFacts>
  /** Keys that releases know, by the digest of their own metadata. */
  knownKeys: ReadonlyMap<string, KnownKeys>
  /** null where no policy asks for evidence. */
  evidence: EvidenceIndex | null
}

export interface EnvironmentFacts {
  id: string
  slug: string
  name: string
  rank: number
  isProtected: boolean
  isCustom: boolean
  isWithinTier: boolean
  /** Where releases come from; an environment over the tier's limit is replaced by its own upstream ones. */
  upstreamIds: string[]
  runtimeKind: string
  /** Version 0 is the default of the tier, where none was ever written. */
  policy: { version: number; document: EnvironmentPolicyDocument }
}

export interface FreezeFacts {
  id: string
  kind: string
  environmentId: string | null
  applicationId: string | null
  reason: string
  incident: string
  /** The closed time that it is in, or that comes next. */
  startsAt: Date
  endsAt: Date | null
  /** All of what it says. */
  rule: FreezeRule
}

/** A freeze as it stands at a time; undefined for one that closes nothing any more. */
export function freezeAt(row: Omit<FreezeFacts, 'startsAt' | 'endsAt'>, now: Date): FreezeFacts | undefined {
  const time = closedTimeAt(row.rule, now)
  return time && { ...row, ...time }
}

/** A standing hold. */
export interface HoldFacts {
  id: string
  environmentId: string
  reason: string
  createdAt: Date
}

export interface ReleaseFacts {
  id: string
  name: string
  sequence: number
  createdAt: Date
  createdBy: string
  /** When its images were pruned; null: they are kept. */
  prunedAt: Date | null
  components: {
    name: string
    repository: string
    digest: string
    baseDigest: string
    spec: ComponentSpec
    /** What the registry maps the release's name to now; null where there is no such tag. */
    taggedDigest: string | null
    hasManifest: boolean
    /** '' for a pushed image. */
    uploadedBy: string
    /** Java release that its JAR needs at least; null for a pushed image. */
    javaLevel: number | null
    /** Digest of what its JAR says about its own configuration; '' where it says nothing. */
    configSchema: string
  }[]
}

export interface DeploymentFacts {
  environmentId: string
  promotionId: string
  releaseId: string
  configRevision: number
  configHash: string
  /** Versions that what runs was started with. */
  secrets: PlannedSecret[]
  replicas: number
  readyReplicas: number
  isStopped: boolean
  isMixed: boolean
  state: string
  stateReason: string
  observedAt: Date | null
  readySince: Date | null
  /** How old an observation may get. */
  staleAfterMs: number
  deployedAt: Date
}

export type RevisionFacts = Revision

export interface WaiverFacts {
  id: string
  environmentId: string
  gate: string
  reason: string
  grantedBy: string
  endsAt: Date
}

export interface ApprovalFacts {
  id: string
  promotionId: string
  planDigest: string
  approverId: string
  decision: string
  decidedAt: Date
  expiresAt: Date
}

export interface UnsettledFacts {
  id: string
  environmentId: string
  kind: PromotionKind
  state: PromotionState
  releaseId: string
  plan: string
  planDigest: string
  parameters: string
  requestedBy: string
  requestedAt: Date
  approvals: ApprovalFacts[]
  steps: { done: number; total: number }
}

export interface ApplicationFacts {
  id: string
  slug: string
  name: string
  componentCount: number
  newestSequence: number
  /** Those that anything below refers to, and as many of the newest as were asked for. */
  releases: Map<string, ReleaseFacts>
  /** By environment id. */
  deployments: Map<string, DeploymentFacts>
  /** The newest revision of the overlay by environment id; the defaults where there is none. */
  revisions: Map<string, RevisionFacts>
  /** The newest version of each secret, by environment id. */
  secrets: Map<string, SecretFacts[]>
  /** Environment id → release id → when it last completed there. */
  completed: Map<string, Map<string, Date>>
  /** Environment id → release id → the approvals under which it was promoted there and completed. */
  approved: Map<string, Map<string, { approverId: string; decidedAt: Date }[]>>
  /** Standing ones. */
  waivers: WaiverFacts[]
  /** By environment id. */
  holds: Map<string, HoldFacts>
  /** By environment id. */
  unsettled: Map<string, UnsettledFacts>
}

/** The freezes that close one (application, environment) now. */
export function closedBy(situation: Situation, applicationId: string, environmentId: string): FreezeFacts[] {
  return inScope(situation, applicationId, environmentId).filter(({ startsAt }) => startsAt <= situation.now)
}

/** When nothing closes it any more; null while it is open, or where no end is known. Without an application: for all of them. */
export function nextOpenAt(situation: Situation, applicationId: string | null, environmentId: string): Date | null {
  const here = inScope(situation, applicationId, environmentId)
  if (!here.some(({ startsAt }) => startsAt <= situation.now)) return null
  return openAfter(
    here.map(({ rule }) => rule),
    situation.now,
  )
}

/** When the next planned window closes it; null where none is planned. */
export function nextCloseAt(situation: Situation, applicationId: string | null, environmentId: string): Date | null {
  const planned = inScope(situation, applicationId, environmentId).filter(({ startsAt }) => startsAt > situation.now)
  return planned.map(({ startsAt }) => startsAt).sort((left, right) => left.getTime() - right.getTime())[0] ?? null
}

function inScope(situation: Situation, applicationId: string | null, environmentId: string): FreezeFacts[] {
  return situation.freezes.filter(
    (freeze) =>
      (freeze.environmentId === null || freeze.environmentId === environmentId) &&
      (freeze.applicationId === null || freeze.applicationId === applicationId),
  )
}

/** The components of a release as their configuration is checked. */
export function checkedComponents({ knownKeys }: Pick<Situation, 'knownKeys'>, { components }: Pick<ReleaseFacts, 'components'>): CheckedComponent[] {
  return components.map(({ spec, configSchema }) => ({ spec, known: knownKeys.get(configSchema) }))
}

/** Names of the secrets that have a value in an environment. */
export function secretNamesSet({ secrets }: Pick<ApplicationFacts, 'secrets'>, environmentId: string): Set<string> {
  return new Set((secrets.get(environmentId) ?? []).filter(({ fingerprint }) => fingerprint !== '').map(({ name }) => name))
}
