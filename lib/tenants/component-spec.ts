import { z } from 'zod'
import { taskDefaults } from '#lib/tenants/task-defaults'

/** What has to be of another component before this one starts. `healthy`: its probes say ready. `completed`: it ran once and ended with 0. */
export const dependencyConditions = ['started', 'healthy', 'completed'] as const

const dependencySchema = z.strictObject({ component: z.string().min(1).max(63), condition: z.enum(dependencyConditions).default('healthy') })
export type Dependency = z.output<typeof dependencySchema>

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const taskState = z.string().min(1).max(60)

/** Background work that the software can be given, so that a rollout sees it begin and end. */
const taskProbeSchema = z.strictObject({
  /** A POST there submits a task and answers 2xx, with where it is in `Location`, or its `id` in JSON for a place under this path. */
  path: z.string().startsWith('/').max(500),
  /** JSON that is sent. */
  body: z.string().max(10_000).refine(isJson, 'is not JSON').default(taskDefaults.body),
  startsWithinMs: z.int().min(100).max(600_000).default(taskDefaults.startsWithinMs),
  /** From being submitted. */
  endsWithinMs: z.int().min(100).max(3_600_000).default(taskDefaults.endsWithinMs),
  /** A GET of the task answers JSON with `state` (or `status`) and `attempts`; these states are its end. */
  ends: z.array(taskState).min(1).max(20).default(taskDefaults.ends),
  /** These are its end too, and a bad one. */
  fails: z.array(taskState).max(20).default(taskDefaults.fails),
})

export type TaskProbe = z.output<typeof taskProbeSchema>

/** How a component is run. Each release keeps the one that it was uploaded with, so a rollback brings it back. */
export const componentSpecSchema = z.strictObject({
  /** Arguments after the image's entrypoint; `${PORT}` and `${DATA_DIR}` are filled in by the runtime. */
  arguments: z.array(z.string().max(1000)).max(100).default([]),
  environment: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/), z.string().max(10_000)).default({}),
  /** The port inside a container; a local process gets a free one as `${PORT}`. */
  containerPort: z.int().min(1).max(65_535).default(8080),
  readiness: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('http'),
        path: z.string().startsWith('/').max(500),
        intervalMs: z.int().min(100).max(600_000).default(1000),
        timeoutMs: z.int().min(100).max(60_000).default(2000),
        startPeriodMs: z.int().min(0).max(3_600_000).default(60_000),
        retries: z.int().min(1).max(100).default(3),
      }),
      z.strictObject({
        kind: z.literal('tcp'),
        intervalMs: z.int().min(100).max(600_000).default(1000),
        timeoutMs: z.int().min(100).max(60_000).default(2000),
        startPeriodMs: z.int().min(0).max(3_600_000).default(60_000),
        retries: z.int().min(1).max(100).default(3),
      }),
    ])
    .default({ kind: 'tcp', intervalMs: 1000, timeoutMs: 2000, startPeriodMs: 60_000, retries: 3 }),
  /** How long a replica may take to end after SIGTERM. */
  stopTimeoutMs: z.int().min(0).max(600_000).default(10_000),
  memoryMiB: z.int().min(32).max(1_048_576).default(512),
  /** Keys that every overlay of this release must have. */
  requiredKeys: z.array(z.string().max(200)).max(500).default([]),
  /** `once`: it does its work, ends with 0 and stays ended; one replica of it, whatever the others have. Absent: it runs on. */
  runs: z.enum(['always', 'once']).optional(),
  /** Components of the same release that come first. Absent: none. */
  dependsOn: z
    .array(dependencySchema)
    .max(20)
    .refine((list) => new Set(list.map(({ component }) => component)).size === list.length, 'names a component twice')
    .optional(),
  /** Releases with the same label can read each other's state. */
  stateLabel: z.string().max(100).default(''),
  /** `public`: it may listen beyond its machine. Absent, as `internal`: it is reached through the gateway alone. */
  exposure: z.enum(['public', 'internal']).optional(),
  /** Lines of another major version (`v0.9`, `v0`) that this release upgrades from (S4.4). Absent: none. */
  upgradesFrom: z
    .array(z.string().regex(/^v\d{1,9}(?:\.\d{1,9})?$/, 'a line such as v0.9 or v0'))
    .max(50)
    .optional(),
  /** `none`: this release migrates no state, and evidence about migrations does not apply to it. Absent: it says nothing. */
  stateMigration: z.enum(['none', 'on_start']).optional(),
  /** Tried after each rollout (S4.22). Absent: there is none to try. */
  task: taskProbeSchema.optional(),
  /** Names of the secrets that it needs; an empty list says that it needs none. Absent: it says nothing. */
  requiredSecrets: z.array(z.string().min(1).max(200)).max(200).optional(),
})

export type ComponentSpec = z.infer<typeof componentSpecSchema>

export const defaultComponentSpec: ComponentSpec = componentSpecSchema.parse({})
