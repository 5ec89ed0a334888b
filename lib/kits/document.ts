// The five artifacts of a kit (S0.3–S0.7) as one document: what a revision freezes.
import { z } from 'zod'
import { runbookSections, valueSections } from '#lib/kits/sections'

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/)
/** Names that are given once: `latest`, `v1` and `v1.2` float. */
export const pinnedName = z
  .string()
  .regex(/^(v\d+\.\d+\.\d+(-preview\d+)?|sha-[0-9a-f]{12})$/, 'not a pinned release: vX.Y.Z, vX.Y.Z-previewN or sha-<12>; floating tags are refused')

const values = z.record(z.string().max(200), z.unknown())
export const sectionSchema = z.discriminatedUnion('state', [
  /** Said for this environment. */
  z.strictObject({ state: z.literal('set'), values }),
  /** As the release or the platform says it. */
  z.strictObject({ state: z.literal('inherited'), values }),
  z.strictObject({ state: z.literal('not_applicable'), reason: z.string().trim().min(1).max(500) }),
])
export type Section = z.output<typeof sectionSchema>

const eachOf = <K extends string, S extends z.ZodType>(keys: readonly K[], schema: S) =>
  z.strictObject(Object.fromEntries(keys.map((key) => [key, schema])) as Record<K, S>)

export const kitDocumentSchema = z.strictObject({
  tenant: z.string(),
  application: z.string(),
  environment: z.string(),
  revision: z.int().min(1),
  /** S0.3 */
  release: z.strictObject({
    name: pinnedName,
    /** Version of the bundle itself: `1.2.3+kit.2`. */
    bundle: z.string().regex(/^\S+\+kit\.\d+$/),
    components: z.array(z.strictObject({ name: z.string(), image: z.string().regex(/:[^:@/]+@sha256:[0-9a-f]{64}$/), digest })).min(1),
  }),
  /** What really runs, or, where nothing runs yet, what would. */
  configuration: z.strictObject({ revision: z.int().min(0), hash: digest, isRunning: z.boolean() }),
  /** S0.4: exactly these eight. */
  values: eachOf(valueSections, sectionSchema),
  /** S0.5: never a value. */
  secrets: z.array(
    z.strictObject({
      key: z.string(),
      owner: z.string(),
      location: z.string(),
      delivery: z.string(),
      lastRotatedAt: z.string(),
    }),
  ),
  /** S0.6 */
  runbook: eachOf(runbookSections, z.string().max(20_000)),
  /** S0.7: as it stood when the revision was made; the one that was verified is kept with its stage. */
  checklist: z.strictObject({
    template: z.int(),
    digest,
    signOff: z.string(),
    items: z.array(
      z.strictObject({ control: z.string(), title: z.string(), status: z.string(), reason: z.string(), contentDigests: z.array(z.string()) }),
    ),
  }),
  manifestsDigest: z.string(),
})
export type KitDocument = z.output<typeof kitDocumentSchema>

/** `1.2.3+kit.2` of `v1.2.3`, second revision. */
export function bundleVersion(release: string, revision: number): string {
  return `${release.replace(/^v(?=\d)/, '')}+kit.${revision}`
}
