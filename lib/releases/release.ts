import { z } from 'zod'
import { commitPattern } from '#lib/releases/commit-pattern'
import type { Channel } from '#lib/releases/release-name'
import { componentSpecSchema, type ComponentSpec } from '#lib/tenants/component-spec'

export const uploadInput = z.strictObject({
  application: z.string().max(63),
  /** vX.Y.Z or vX.Y.Z-previewN; sha-<12> of the image when absent. */
  name: z.string().max(100).optional(),
  fileName: z.string().min(1).max(255).default('application.jar'),
  /** The commit that it was built from, as the uploader says. */
  commit: z.string().regex(commitPattern).optional(),
  /** `sha256:<hex>` that the bytes must have, for whoever knows it; other bytes are refused. */
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, 'is not sha256: and 64 digits of 0-9 and a-f')
    .optional(),
  /** JSON of a component spec, to differ from the application's own. */
  spec: z.string().max(100_000).optional(),
})
export type UploadInput = z.output<typeof uploadInput>

export const explicitSpec = z.string().transform((text, ctx) => {
  try {
    return componentSpecSchema.parse(JSON.parse(text))
  } catch (error) {
    ctx.addIssue({ code: 'custom', message: error instanceof z.ZodError ? z.prettifyError(error) : 'not JSON' })
    return z.NEVER
  }
})

export interface SealLine {
  /** sha256:… of the JAR as it was uploaded; '' for an image that was pushed. */
  artifactDigest: string
  artifactSizeBytes: number
  fileName: string
  /** '' where the image stands on nothing (process runtime). */
  baseReference: string
  baseDigest: string
  imageDigest: string
  builderVersion: string
  buildCount: number
  buildMs: number
}

export interface LayerSummary {
  name: string
  digest: string
  diffId: string
  sizeBytes: number
  mediaType: string
  entries: number
  isFromBase: boolean
}

export interface ReleaseSummary {
  id: string
  name: string
  channel: Channel
  application: { slug: string; name: string }
  /** The image of its first component. */
  digest: string
  sizeBytes: number
  commit: string
  createdAt: string
  createdBy: { id: string; name: string }
  /** Slugs of the environments that run it now. */
  runsIn: string[]
}

export interface ReleaseView extends ReleaseSummary {
  notes: string
  components: { name: string; repository: string; digest: string; spec: ComponentSpec; seal: SealLine; layers: LayerSummary[] }[]
  /** What was found inside the JAR. */
  facts: { kind: string; mainClass: string; javaLevel: number; entries: number; coordinates: string[]; springBootVersion: string } | null
  history: { environment: string; kind: string; state: string; at: string; promotionId: string }[]
  pullLine: string
}

export interface UploadResult {
  release: ReleaseView
  /** false: these bytes under this name were here already, and nothing was built. */
  isNew: boolean
  wasBuilt: boolean
}

export interface ReproductionView {
  imageDigest: string
  rebuiltDigest: string
  isIdentical: boolean
  tookMs: number
}

/** Where a digest, tag, commit or JAR hash is or was. */
export interface SearchHit {
  kind: 'application' | 'release' | 'image' | 'artifact' | 'promotion' | 'environment'
  title: string
  detail: string
  href: string
}
