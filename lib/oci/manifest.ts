import { z } from 'zod'
import { isDigest } from '#lib/oci/digest'
import { isIndexType, isManifestType } from '#lib/oci/media-types'
import { Refusal } from '#lib/platform/refusal'

/** RFC 6838 has no other characters; PostgreSQL could not keep all of them. */
const mediaType = z
  .string()
  .max(255)
  .regex(/^[\x20-\x7e]*$/, 'not a media type')

/** image-spec descriptor.md. Unknown members are kept: a manifest is served as it was pushed. */
export const descriptorSchema = z.looseObject({
  mediaType,
  digest: z.string().refine(isDigest, 'not a sha256 or sha512 digest'),
  size: z.int().min(0),
  urls: z.array(z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  artifactType: mediaType.optional(),
  platform: z.looseObject({ architecture: z.string(), os: z.string() }).optional(),
})
export type Descriptor = z.output<typeof descriptorSchema>

/** image-spec manifest.md. */
export const manifestSchema = z.looseObject({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  artifactType: mediaType.optional(),
  config: descriptorSchema,
  layers: z.array(descriptorSchema).max(1000),
  subject: descriptorSchema.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
})
export type Manifest = z.output<typeof manifestSchema>

/** image-spec image-index.md. */
export const indexSchema = z.looseObject({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  artifactType: mediaType.optional(),
  manifests: z.array(descriptorSchema).max(1000),
  subject: descriptorSchema.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
})
export type Index = z.output<typeof indexSchema>

/** image-spec config.md, as far as running an image needs it. */
export const imageConfigSchema = z.looseObject({
  architecture: z.string(),
  os: z.string(),
  config: z
    .looseObject({
      Env: z.array(z.string()).nullish(),
      Entrypoint: z.array(z.string()).nullish(),
      Cmd: z.array(z.string()).nullish(),
      WorkingDir: z.string().nullish(),
      User: z.string().nullish(),
      Labels: z.record(z.string(), z.string()).nullish(),
    })
    .optional(),
  rootfs: z.looseObject({ type: z.literal('layers'), diff_ids: z.array(z.string()) }),
  history: z.array(z.looseObject({})).optional(),
})
export type ImageConfig = z.output<typeof imageConfigSchema>

/** Clients and other registries take no larger ones (distribution-spec, "Pushing Manifests"). */
export const maxManifestBytes = 4 * 1024 ** 2

export type ParsedManifest = { kind: 'image'; manifest: Manifest } | { kind: 'index'; index: Index }

/**
 * Reads the bytes of an image manifest or an index as what `mediaType` (the Content-Type of a push, or of a descriptor)
 * says it is. A document that could be read as both is refused: two clients would see two images (CVE-2021-41190).
 * @throws Refusal `invalid_input`, `too_large`
 */
export function parseManifest(bytes: Uint8Array, mediaType: string): ParsedManifest {
  if (bytes.length > maxManifestBytes) throw new Refusal('too_large', `The manifest has ${bytes.length} bytes; ${maxManifestBytes} are the limit.`)
  if (!isManifestType(mediaType)) throw invalid(`${mediaType.slice(0, 100)} is not the media type of an image manifest or an index`)
  const document = parseJson(bytes)
  const inside = document['mediaType']
  if (inside !== undefined && inside !== mediaType)
    throw invalid(`it was sent as ${mediaType} and calls itself ${JSON.stringify(inside).slice(0, 100)}`)
  const isIndex = isIndexType(mediaType)
  const foreign = isIndex ? ['config', 'layers'] : ['manifests']
  const stray = foreign.find((key) => Object.hasOwn(document, key))
  if (stray) throw invalid(`it is ${isIndex ? 'an index' : 'an image manifest'} and has ${stray}`)
  const parsed = isIndex ? indexSchema.safeParse(document) : manifestSchema.safeParse(document)
  if (!parsed.success)
    throw invalid(
      parsed.error.issues
        .map(({ path, message }) => `${path.join('.')}: ${message}`)
        .slice(0, 5)
        .join('; '),
    )
  return isIndex ? { kind: 'index', index: parsed.data as Index } : { kind: 'image', manifest: parsed.data as Manifest }
}

/** Reads an image configuration. @throws Refusal `invalid_input` */
export function parseImageConfig(bytes: Uint8Array): ImageConfig {
  const parsed = imageConfigSchema.safeParse(parseJson(bytes))
  if (!parsed.success) throw invalid(`its configuration does not fit: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`)
  return parsed.data
}

function parseJson(bytes: Uint8Array): Record<string, unknown> {
  let document: unknown
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw invalid('it is not JSON in UTF-8', cause)
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) throw invalid('it is not a JSON object')
  return document as Record<string, unknown>
}

function invalid(why: string, cause?: unknown): Refusal {
  return new Refusal('invalid_input', `The manifest cannot be used: ${why}.`, {
    fix: 'Push it again with a client that writes OCI or Docker manifests.',
    cause,
  })
}
