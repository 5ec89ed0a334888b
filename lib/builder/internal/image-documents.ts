// The two JSON documents of an image, as canonical JSON: no time of day, no host, no name of a file or of a reference.
import { builderVersion } from '#lib/builder/builder-version'
import type { BaseImage, LayerView } from '#lib/builder/image'
import { mediaTypes } from '#lib/oci/media-types'
import { canonicalJson } from '#lib/platform/canonical-json'

/** Builds happen at no time: an image is what it is made of. */
const created = '1970-01-01T00:00:00Z'

/** image-spec config.md; `history` has one entry for each layer. */
export function imageConfigOf(image: { entrypoint: string[]; base: BaseImage | null; layers: LayerView[] }): Buffer {
  const { base, layers } = image
  const { Cmd: _replaced, ...inherited } = base?.config.config ?? {}
  // Not the digest of the JAR: a Spring Boot JAR that was only zipped in another order is the same image.
  const comment = base ? `on ${base.digest}` : 'on no base'
  return Buffer.from(
    canonicalJson({
      created,
      // Java bytecode runs anywhere, and the document must name something: amd64 without a base, never the host's own.
      architecture: base?.config.architecture ?? 'amd64',
      os: base?.config.os ?? 'linux',
      ...(base?.config['variant'] === undefined ? {} : { variant: base.config['variant'] }),
      config: { ...inherited, Entrypoint: image.entrypoint, WorkingDir: inherited.WorkingDir || '/app' },
      rootfs: { type: 'layers', diff_ids: [...(base?.config.rootfs.diff_ids ?? []), ...layers.map(({ digest }) => digest)] },
      history: [...historyOfBase(base), ...layers.map(({ name }) => ({ created, created_by: `${builderVersion} ${name}`, comment }))],
    }),
  )
}

/** Tools count the entries against the layers, so a base without a history gets one. */
function historyOfBase(base: BaseImage | null): unknown[] {
  return base?.config.history ?? base?.manifest.layers.map(() => ({ created, created_by: `base ${base.digest}` })) ?? []
}

/** image-spec manifest.md; the annotation is image-spec annotations.md. The base's name is left out: only its digest is identity. */
export function imageManifestOf(image: { config: { digest: string; sizeBytes: number }; layers: LayerView[]; base: BaseImage | null }): Buffer {
  const { config, layers, base } = image
  return Buffer.from(
    canonicalJson({
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: { mediaType: mediaTypes.config, digest: config.digest, size: config.sizeBytes },
      layers: layers.map(({ mediaType, digest, sizeBytes }) => ({ mediaType, digest, size: sizeBytes })),
      ...(base ? { annotations: { 'org.opencontainers.image.base.digest': base.digest } } : {}),
    }),
  )
}
