// The overlay of (tenant, environment, application): what differs between environments while the binary stays the same.
import { z } from 'zod'
import { keyInTwoGroups, keyPattern } from '#lib/configuration/key'
import { canonicalJson, digestOfJson } from '#lib/platform/canonical-json'

const key = z.string().regex(keyPattern, 'a key begins with a letter or _ and has letters, digits, _ . and -')

export const secretName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/, 'the name of a secret begins with a letter or _ and has letters, digits, _ . and -')

/** A relative path without steps up; it appears below `${FILES_DIR}` of a replica. */
const filePath = z
  .string()
  .max(200)
  .regex(/^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*$/, 'a path is relative, such as config/logback.xml, without .. in it')

const referenceOnly = 'a connection is a reference to a secret, {"secret": "NAME"}; its value is set as a secret and never stands here'

/** What a replica connects with: the key it finds it under, and the secret that it is. */
export const connectionSchema = z.strictObject(
  {
    secret: secretName,
    /** `environment`: the key holds the value. `file`: the key holds the path of a file with it that only the replica reads. */
    deliver: z.enum(['environment', 'file']).default('environment'),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? referenceOnly : undefined) },
)
export type Connection = z.output<typeof connectionSchema>

const strategySchema = z
  .strictObject({
    /** How many replicas of a component may be not ready during a rollout. */
    maxUnavailable: z.int().min(0).max(50).default(0),
    /** How many may be extra. */
    maxSurge: z.int().min(0).max(50).default(1),
  })
  .refine(({ maxUnavailable, maxSurge }) => maxUnavailable + maxSurge > 0, 'with neither maxUnavailable nor maxSurge nothing can be replaced')

const groups = {
  /** Secret references by the key that a replica finds them under. */
  connections: z.record(key, connectionSchema).default({}),
  /** On, off, or a word; environment variables of a replica too. */
  flags: z.record(key, z.union([z.boolean(), z.string().max(1000)])).default({}),
  /** Environment variables of every component; `${PORT}`, `${DATA_DIR}` and `${FILES_DIR}` are filled in by the runtime. */
  variables: z.record(key, z.string().max(10_000)).default({}),
  /** In this order, before `-jar` or the main class. */
  jvmArguments: z.array(z.string().min(1).max(1000)).max(100).default([]),
  /** Path → content, below `${FILES_DIR}` of a replica. */
  files: z
    .record(filePath, z.string().max(262_144))
    .default({})
    .refine((files) => Object.values(files).reduce((sum, content) => sum + content.length, 0) <= 524_288, 'files have 512 KiB together at most'),
}

const refineKeys = (document: Parameters<typeof keyInTwoGroups>[0], context: z.RefinementCtx) => {
  const twice = keyInTwoGroups(document)
  if (twice !== undefined) context.addIssue({ code: 'custom', message: `${twice} stands in two groups`, path: [twice] })
}

/** The effective configuration of a place: what a revision freezes. */
export const configDocumentSchema = z
  .strictObject({ ...groups, replicas: z.int().min(0).max(50).default(1), strategy: strategySchema.default({ maxUnavailable: 0, maxSurge: 1 }) })
  .superRefine(refineKeys)
export type ConfigDocument = z.output<typeof configDocumentSchema>

/** What one layer says; where it says nothing, the layer below counts. */
export const layerDocumentSchema = z
  .strictObject({ ...groups, replicas: z.int().min(0).max(50).optional(), strategy: strategySchema.optional() })
  .superRefine(refineKeys)
export type LayerDocument = z.output<typeof layerDocumentSchema>

/** What counts where nothing was ever saved: revision 0. */
export const defaultConfig: ConfigDocument = configDocumentSchema.parse({})
export const emptyLayer: LayerDocument = layerDocumentSchema.parse({})

/** Groups that came later are not written while they are empty, so that a document without them keeps its hash. */
function written<D extends LayerDocument>({ connections, flags, files, ...rest }: D) {
  const filled = Object.entries({ connections, flags, files }).filter(([, group]) => Object.keys(group).length > 0)
  return { ...rest, ...Object.fromEntries(filled) }
}

/** `sha256:<hex>` of the canonical JSON. */
export function configHash(document: ConfigDocument | LayerDocument): string {
  return digestOfJson(written(document))
}

export function configText(document: ConfigDocument | LayerDocument): string {
  return canonicalJson(written(document))
}
