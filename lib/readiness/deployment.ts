// What the pages and machines see of a deployment: promised, and observed.
import { z } from 'zod'
import type { DeploymentState, DriftKind, ReplicaReadiness } from '#lib/readiness/readiness'

const slug = z.string().min(1).max(100)
export const environmentReadinessInput = z.strictObject({ environment: slug })
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
    isStopped: boolean
    deployedAt: string
  }
  state: DeploymentState
  reason: string
  readyReplicas: number
  wantedReplicas: number
  isMixed: boolean
  readySince: string | null
  /** null: never by a probe. */
  observedAt: string | null
  /** `http://127.0.0.1:<port>` of the gateway; '' where there is none. */
  address: string
  replicas: ReplicaView[]
}

export interface EnvironmentReadiness {
  environment: { slug: string; name: string; isProtected: boolean }
  deployments: DeploymentView[]
}
