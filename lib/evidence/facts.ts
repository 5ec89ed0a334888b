// What a checklist is judged from, read once and at one moment. Pure data.
import type { ComponentSpec } from '#lib/tenants/component-spec'

export type EvidenceOutcome = 'pass' | 'fail' | 'skipped'
export type EvidenceOrigin = 'system' | 'person' | 'token'

/** One row of evidence. */
export interface EvidenceFacts {
  id: string
  /** null: of every environment, application or release of the tenant. */
  environmentId: string | null
  applicationId: string | null
  releaseId: string | null
  digests: string[]
  control: string
  part: string
  outcome: EvidenceOutcome
  origin: EvidenceOrigin
  summary: string
  facts: string
  contentDigest: string
  /** sha256 of the text as it is stored now; '' for a file, whose bytes are checked when they are read. */
  storedDigest: string
  mediaType: string
  sizeBytes: number
  fileName: string
  repository: string
  referrerDigest: string
  promotionId: string | null
  observedAt: Date
  recordedAt: Date
  recordedBy: string
}

/** What was approved to run, as it was signed when the plan was claimed. */
export interface ReleaseApprovalContent {
  tenant: string
  application: string
  environment: string
  release: string
  promotionId: string
  planDigest: string
  components: { name: string; digest: string }[]
  configRevision: number
  /** Of the overlay's document. */
  overlayHash: string
  /** Of what a replica sees: spec and values. */
  runningHash: string
  policyVersion: number
  /** People whose approvals were used; empty where the policy asks for none. */
  approvedBy: string[]
  approvedAt: string
  expiresAt: string
}

export interface ReleaseApprovalFacts extends ReleaseApprovalContent {
  id: string
  environmentId: string
  applicationId: string
  releaseId: string
  /** The tenant's key signed this content, and the columns beside it say the same. */
  isGenuine: boolean
}

export interface SignOffFacts {
  id: string
  environmentId: string
  applicationId: string
  releaseId: string
  checklistDigest: string
  content: string
  statement: string
  envelope: string
  meaning: string
  comment: string
  repository: string
  referrerDigest: string
  signedBy: string
  authenticatedAt: Date
  signedAt: Date
  /** The tenant's key signed this statement, and the row beside it says the same. */
  isGenuine: boolean
}

export interface ItemWaiver {
  id: string
  environmentId: string
  applicationId: string
  gate: string
  reason: string
  grantedBy: string
  endsAt: Date
}

/** What is promised and what was observed of one application in one environment. */
export interface RunningFacts {
  environmentId: string
  applicationId: string
  releaseId: string
  configHash: string
  isStopped: boolean
  observedAt: Date | null
  components: { name: string; digest: string; replicas: number }[]
  replicas: { component: string; digest: string; configHash: string; state: string; reason: string }[]
}

/** A secret that a release needs, as far as a checklist may know: never a value. */
export interface SecretFacts {
  environmentId: string
  applicationId: string
  name: string
  location: string
  owner: string
}

export interface OverlayFacts {
  environmentId: string
  applicationId: string
  revision: number
  hash: string
}

/** Everything for any number of applications; nothing in it is a judgement. */
export interface EvidenceIndex {
  now: Date
  tenant: { id: string; slug: string }
  rows: EvidenceFacts[]
  approvals: ReleaseApprovalFacts[]
  signOffs: SignOffFacts[]
  waivers: ItemWaiver[]
  running: RunningFacts[]
  secrets: SecretFacts[]
  overlays: OverlayFacts[]
}

/** One release in one environment. */
export interface ChecklistSubject {
  application: { id: string; slug: string }
  environment: { id: string; slug: string }
  release: { id: string; name: string; components: { name: string; repository: string; digest: string; spec: ComponentSpec }[] }
  /** Of the gate `evidence` in the environment's policy. */
  parameters: Record<string, unknown>
}
