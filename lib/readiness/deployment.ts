// What the pages and machines see of a deployment: promised, and observed.
import { z } from 'zod'
import type { ComponentReadiness } from '#lib/readiness/component-readiness'
import type { DeploymentState, DriftKind, ReplicaReadiness } from '#lib/readiness/readiness'

const slug = z.string().min(1).max(100)
export const environmentReadinessInput = z.strictObject({ environment: slug })
export const readinessInput = z.strictObject({ environment: slug.optional(), application: slug.optional() })
export const deploymentInput = z.strictObject({ environment: slug, application: slug })
export const replicaLogsInput = z.strictObject({
  environment: slug,
  application: slug,
  replica: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/),
  /** Go on as the replica writes. */
  follow: z.stringbool().default(false),
  /** How many of the last lines; all that are kept when absent. */
  tail: z.coerce.number().int().min(0).max(100_000).optional(),
})
export type ReplicaLogsInput = z.output<typeof replicaLogsInput>

export interface ReplicaView {
  id: string
  component: string
  /** As it was observed to run. */
  digest: string
  configHash: string
  state: ReplicaReadiness
  /** A code: `http_503`, `connection_refused`, `exit_1`, `crash_loop`, … */
  reason: string
  drift: DriftKind
  /** Which file or setting shows the drift; '' where the digest or the hash says it all. */
  driftDetail: string
  since: string
  startedAt: string | null
  observedAt: string
}

export interface DeploymentView {
  application: { slug: string; name: string }
  environment: { slug: string; name: string; isProtected: boolean }
  promised: {
    promotionId: string
    release: string
    components: { name: string; digest: string; replicas: number }[]
    configRevision: number
    configHash: string
    /** The newest revision that was written, promised or not. */
    newestConfigRevision: number
    /** Versions of secrets that it was started with, and the newest that was set; 0: it was taken away. */
    secrets: { name: string; version: number; newest: number }[]
    isStopped: boolean
    deployedAt: string
  }
  /** `unknown` with `not_observed` where the last look is too long ago to say anything of now. */
  state: DeploymentState
  reason: string
  readyReplicas: number
  wantedReplicas: number
  isMixed: boolean
  readySince: string | null
  /** null: never by a probe. */
  observedAt: string | null
  /** How old an observation may get. */
  staleAfterMs: number
  /** In start order. */
  components: ComponentReadiness[]
  /** The last change here did not complete. It says nothing of how what runs is doing. */
  failedDeploy: FailedDeploy | null
  /** `http://127.0.0.1:<port>` of the gateway; '' where there is none. */
  address: string
  replicas: ReplicaView[]
}

/** A rollout that was the last to settle in a place and did not complete. */
export interface FailedDeploy {
  promotionId: string
  application: string
  release: string
  kind: string
  state: 'failed' | 'errored'
  /** Where it stood; null where its rollout never began. */
  phase: string | null
  /** A code: `replica_not_ready`, `cancelled`, … */
  reason: string
  message: string
  at: string
}

export interface EnvironmentReadiness {
  environment: { slug: string; name: string; isProtected: boolean }
  deployments: DeploymentView[]
  /** Of applications that nothing is promised of here. */
  failedDeploys: FailedDeploy[]
}

export interface ReadinessView {
  /** By the database's clock: what states and ages are told by. */
  now: string
  /** By rank. */
  environments: EnvironmentReadiness[]
}
