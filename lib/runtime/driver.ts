import type { ComponentSpec } from '#lib/tenants/component-spec'

export type RuntimeKind = 'process' | 'engine' | 'kubernetes'

/** Where one application runs in one environment. Every derived name carries the tenant. */
export interface RuntimeTarget {
  tenantId: string
  tenant: string
  environmentId: string
  environment: string
  applicationId: string
  application: string
}

export interface DesiredComponent {
  name: string
  /** `tenant/application[/component]` of the registry. Digests only, never tags. */
  repository: string
  digest: string
  spec: ComponentSpec
  replicas: number
  /** Effective environment and JVM arguments: configuration over the spec's own. */
  environment: Record<string, string>
  jvmArguments: string[]
  /** Path → content, below `${FILES_DIR}` of a replica. Absent: none. */
  files?: Record<string, string>
  /** What a replica gets of secrets; a runtime opens them when it starts one, and only then. Absent: none. */
  secrets?: DeliveredSecret[]
}

/** A secret by its version, under the key that a replica finds it with. Never a value. */
export interface DeliveredSecret {
  key: string
  name: string
  versionId: string
  fingerprint: string
  /** `environment`: the key holds the value. `file`: the key holds the path of a file with it. */
  deliver: 'environment' | 'file'
}

export interface DesiredState {
  target: RuntimeTarget
  configHash: string
  components: DesiredComponent[]
  strategy: { maxUnavailable: number; maxSurge: number }
}

export type RuntimeStep =
  | { act: 'start'; target: RuntimeTarget; replicaId: string; component: DesiredComponent; configHash: string }
  /** Drains for `drainMs`, then SIGTERM, then SIGKILL after `stopTimeoutMs`. */
  | { act: 'stop'; target: RuntimeTarget; replicaId: string; drainMs: number; stopTimeoutMs: number }

export type ReplicaState = 'starting' | 'running' | 'stopping' | 'exited'

/** Something on the machine that is not as it was sealed, or not as it was started; in words that name it. */
export interface Alteration {
  of: 'image' | 'configuration'
  detail: string
}

/** What the runtime sees of a replica; readiness is probed from outside at `address`. */
export interface ObservedReplica {
  replicaId: string
  component: string
  /** Of what really runs, as far as the runtime can tell. */
  digest: string
  configHash: string
  /** Absent: it looked, and everything is as it was; or it cannot look. */
  alteration?: Alteration | undefined
  state: ReplicaState
  /** A code: `exit_1`, `crash_loop`, `killed_9`, ''. */
  reason: string
  /** host:port, '' before it has one. */
  address: string
  startedAt: Date | null
  restarts: number
}

export interface RuntimeDriver {
  readonly kind: RuntimeKind
  /** Whether it can run anything on this machine now, in words that say what to do. */
  check(): Promise<{ isAvailable: true } | { isAvailable: false; reason: string; fix: string }>
  /** Whether it can run this on this machine as it is now: Java level (null: not known, which is no pass), memory; a reason when not. */
  accepts(
    component: DesiredComponent,
    facts: { javaLevel: number | null },
  ): Promise<{ accepted: true } | { accepted: false; reason: string; fix: string }>
  /** The manifests as text: pure and deterministic, the same bytes for the same desired state. */
  render(desired: DesiredState): string
  /** Brings the images to where the runtime starts them from, by digest, verified. Idempotent. */
  prepare(desired: DesiredState, signal: AbortSignal): Promise<void>
  /** One effect. Idempotent by replicaId; an older fencing token than the target has seen is refused (`conflict`). */
  apply(step: RuntimeStep, options: { fencingToken: bigint; signal: AbortSignal }): Promise<void>
  observe(target: RuntimeTarget): Promise<ObservedReplica[]>
  /** Output of a replica, oldest first; `follow` goes on until the signal aborts. */
  logs(target: RuntimeTarget, replicaId: string, options: { follow: boolean; tailLines?: number; signal: AbortSignal }): AsyncIterable<string>
  /** Stops and forgets everything of the target. */
  remove(target: RuntimeTarget, options: { fencingToken: bigint; signal: AbortSignal }): Promise<void>
}
