// What belongs to an image, beside it in the registry: an artifact whose subject is the image's manifest (image-spec manifest.md,
// "Guidelines for Artifact Usage"; distribution-spec, "Pushing Manifests with Subject").
import { digestOf } from '#lib/oci/digest'
import { mediaTypes } from '#lib/oci/media-types'
import type { BlobStore } from '#lib/platform/blob-store'
import { canonicalJson } from '#lib/platform/canonical-json'
import { actorId, type TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'
import { pinManifest } from '#lib/registry/commands/pin-manifest'
import { putImage } from '#lib/registry/commands/put-image'
import { getManifest } from '#lib/registry/queries/get-manifest'

/** image-spec manifest.md, "Guidance for an Empty Descriptor". */
const emptyBytes = Buffer.from('{}')

interface Referrer {
  image: { repository: string; digest: string }
  artifactType: string
  blob: { digest: string; sizeBytes: number; mediaType: string; title: string }
  annotations: Record<string, string>
  /** Who needs it: `evidence:<id>`. */
  pinnedBy: string
  reason: string
}

/** Has the empty configuration of artifacts in the store; before the transaction, because it is written to disk. */
export async function keepEmptyConfig(store: BlobStore): Promise<void> {
  await store.write(
    (async function* one() {
      yield emptyBytes
    })(),
  )
}

/** Puts an artifact beside an image and keeps it from being deleted, in the transaction of the caller. The bytes are in the store. */
export async function putReferrer(tx: Tx, ctx: TenantContext, referrer: Referrer): Promise<string> {
  const { image, blob } = referrer
  const subject = await getManifest(tx, { repository: image.repository, reference: image.digest })
  if (subject.digest !== image.digest) throw new Refusal('not_found', `${image.repository} has no manifest ${image.digest}.`)
  const config = { digest: digestOf(emptyBytes), sizeBytes: emptyBytes.length }
  const manifest = Buffer.from(
    canonicalJson({
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      artifactType: referrer.artifactType,
      config: { mediaType: mediaTypes.empty, digest: config.digest, size: config.sizeBytes },
      layers: [
        { mediaType: blob.mediaType, digest: blob.digest, size: blob.sizeBytes, annotations: { 'org.opencontainers.image.title': blob.title } },
      ],
      subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.content.length },
      annotations: referrer.annotations,
    }),
  )
  const { digest } = await putImage(tx, {
    tenantId: ctx.tenant.id,
    repository: image.repository,
    manifest,
    mediaType: mediaTypes.manifest,
    blobs: [config, blob].map((one) => ({ digest: one.digest, sizeBytes: one.sizeBytes })),
    pushedBy: actorId(ctx.actor),
  })
  const { pinnedBy, reason } = referrer
  await pinManifest(tx, { tenantId: ctx.tenant.id, repository: image.repository, digest, pinnedBy, reason })
  return digest
}
